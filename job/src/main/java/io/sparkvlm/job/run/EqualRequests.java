package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.preprocessing.CompletionId;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.RowIds;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.CarriedColumns;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.table.RequestTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Knows the rows whose request equals that of an earlier row, the original, and makes their rows of its row. Which row is
 * whose original lies on the executors' disks; the driver holds a bitmap of the copies.
 *
 * @param pairs a copy's row_id and custom_id, and the row_id of its original
 * @param copies the row_ids of all copies
 * @param dropped columns that the output does not have
 */
record EqualRequests(Dataset<Row> pairs, RowIds copies, Set<String> dropped) implements AutoCloseable {
    private static final String COPY = "sparkvlm_copy";
    private static final String COPY_CUSTOM_ID = "sparkvlm_copy_custom_id";
    private static final String ORIGINAL = "sparkvlm_original";
    private static final String ANSWERED = "sparkvlm_answered";
    private static final String ANSWER = "sparkvlm_answer";

    /** Errors of the original's attempt, which a copy's own may not meet; one that ended its executors would again. */
    private static final Object[] NOT_COPIED = ErrorCode.all().stream()
            .filter(code -> code.mayPass() && code != EngineCode.WORKER_CRASHED)
            .map(ErrorCode::wireName)
            .toArray();

    /** Judges all requests, or compares those that are prepared, and exchanges their ids by what they ask. */
    static EqualRequests among(JobInput rows, PreprocessingSettings settings) {
        Column first = min(RowId.place()).over(Window.partitionBy(col(VlmStages.KEY)));
        Dataset<Row> pairs = keys(rows, settings)
                .where(col(VlmStages.KEY).isNotNull())
                .select(
                        col(Columns.ROW_ID).as(COPY),
                        col(Columns.CUSTOM_ID).as(COPY_CUSTOM_ID),
                        first.getField(Columns.ROW_ID).as(ORIGINAL))
                .where(col(COPY).notEqual(col(ORIGINAL)))
                .persist(StorageLevel.DISK_ONLY());
        RowIds copies = new RowIds();
        pairs.select(COPY)
                .toJavaRDD()
                .mapPartitions(some -> {
                    RowIds ids = new RowIds();
                    some.forEachRemaining(row -> ids.add(row.getString(0)));
                    return List.of(ids).iterator();
                })
                .collect()
                .forEach(copies::addAll);
        return new EqualRequests(pairs, copies, settings.dropColumns());
    }

    private static Dataset<Row> keys(JobInput rows, PreprocessingSettings settings) {
        if (rows.stamp().isPresent()) {
            return VlmStages.preparedKeys(rows.table(), rows.stamp().get().seed());
        }
        Dataset<Row> requests = rows.table();
        return VlmStages.keys(
                List.of(requests.schema().fieldNames()).contains(Columns.DUPLICATE_OF)
                        ? requests.where(col(Columns.DUPLICATE_OF).isNull())
                        : requests,
                settings);
    }

    /**
     * The rows of those copies whose originals are answered, or have errors that they would have again.
     *
     * @param rows of the input, copies among them
     * @param output rows that are written
     */
    Dataset<Row> rows(Dataset<Row> rows, Dataset<Row> output) {
        Column code = col(Columns.ERROR + ".code");
        Dataset<Row> answers = output.where(col(Columns.COPY_OF).isNull())
                .where(code.isNull().or(not(code.isin(NOT_COPIED))))
                .select(
                        col(Columns.ROW_ID).as(ANSWERED),
                        struct(Arrays.stream(Columns.OUTPUT.fieldNames())
                                        .map(name -> col(name))
                                        .toArray(Column[]::new))
                                .as(ANSWER));
        return rows.join(pairs, col(Columns.ROW_ID).equalTo(col(COPY)))
                .join(answers, col(ORIGINAL).equalTo(col(ANSWERED)))
                .select(columns(rows.schema()));
    }

    /** Counts the copies among some rows. */
    long copiesAmong(Dataset<Row> rows) {
        return rows.join(pairs, col(Columns.ROW_ID).equalTo(col(COPY)), "left_semi")
                .count();
    }

    private CarriedColumns carried(StructType rows) {
        return List.of(rows.fieldNames()).contains(Columns.PREPARED_MODEL)
                ? PreparedTable.of(rows).without(dropped).carried()
                : RequestTable.of(rows, dropped).carried();
    }

    private Column[] columns(StructType rows) {
        List<Column> columns = new ArrayList<>();
        for (String name : Columns.OUTPUT.fieldNames()) {
            columns.add(ofOutput(name).as(name));
        }
        for (StructField field : carried(rows).after(new StructType()).fields()) {
            columns.add(
                    field.name().equals(Columns.COPY_OF) ? col(ORIGINAL).as(Columns.COPY_OF) : FieldColumn.of(field));
        }
        return columns.toArray(Column[]::new);
    }

    private static Column ofOutput(String name) {
        Column answer = col(ANSWER).getField(name);
        return switch (name) {
            case Columns.ROW_ID -> col(COPY);
            case Columns.CUSTOM_ID -> coalesce(col(COPY_CUSTOM_ID), col(COPY));
            case Columns.RESPONSE -> udf(new UnderOwnId(), DataTypes.StringType).apply(answer, col(COPY));
            default -> answer;
        };
    }

    /** The original's response under the id of the copy. */
    private static final class UnderOwnId implements UDF2<String, String, String> {
        @Override
        public String call(String response, String rowId) {
            return response == null ? null : CompletionId.replaced(response, rowId);
        }
    }

    @Override
    public void close() {
        pairs.unpersist();
    }
}
