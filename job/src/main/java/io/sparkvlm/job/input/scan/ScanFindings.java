package io.sparkvlm.job.input.scan;

import io.sparkvlm.job.input.fields.FieldType;
import io.sparkvlm.job.input.fields.MergedMap;
import java.io.Serializable;
import java.util.Map;
import org.apache.spark.SparkContext;

/**
 * Gathers what the tasks of an {@link InputScan} find, once for a task that runs twice. Accumulators and not {@code
 * Dataset.observe}, which Spark RAPIDS 26.08 cannot plan.
 *
 * @param rowsOfTasks how many rows each task has read, by its number
 * @param rowsOfParts how many rows each part of the input has, as {@link RowOrder} names parts
 * @param fields of the user's own
 */
record ScanFindings(MergedMap<Long> rowsOfTasks, MergedMap<Long> rowsOfParts, MergedMap<FieldType> fields)
        implements Serializable {
    static ScanFindings register(SparkContext spark) {
        ScanFindings findings = new ScanFindings(
                new MergedMap<>(Math::max), new MergedMap<>(Math::max), new MergedMap<>(FieldType::with));
        spark.register(findings.rowsOfTasks);
        spark.register(findings.rowsOfParts);
        spark.register(findings.fields);
        return findings;
    }

    /** Adds what a task has found, once it has read its last row. */
    void add(int task, long rows, Map<String, Long> parts, Map<String, FieldType> types) {
        rowsOfTasks.add(Map.of(String.valueOf(task), rows));
        rowsOfParts.add(parts);
        fields.add(types);
    }

    long rows() {
        return rowsOfTasks.value().values().stream().mapToLong(Long::longValue).sum();
    }
}
