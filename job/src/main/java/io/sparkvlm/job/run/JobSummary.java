package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.spark.table.Columns;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Sums up a finished job from the rows it wrote.
 *
 * @param errors rows by error code
 */
public record JobSummary(long answered, SortedMap<String, Long> errors, Tokens tokens, Duration wallTime, Path output) {
    /** Of all answered rows together; the prompt's include the vision tokens. */
    record Tokens(long prompt, long vision, long completion) {}

    /** Counts what was written: the tasks' own counters may hold a task twice that was run twice. */
    static JobSummary read(SparkSession spark, OutputFolder output, Duration wallTime) {
        List<Row> byCode = output.read(spark)
                .groupBy(col(Columns.ERROR + ".code"))
                .agg(count(lit(1)), usage("prompt_tokens"), usage("vision_tokens"), usage("completion_tokens"))
                .collectAsList();
        SortedMap<String, Long> errors = new TreeMap<>();
        long answered = 0;
        Tokens tokens = new Tokens(0, 0, 0);
        for (Row row : byCode) {
            if (row.isNullAt(0)) {
                answered = row.getLong(1);
                tokens = new Tokens(row.getLong(2), row.getLong(3), row.getLong(4));
            } else {
                errors.put(row.getString(0), row.getLong(1));
            }
        }
        return new JobSummary(answered, errors, tokens, wallTime, output.path());
    }

    public long rows() {
        return answered + errorRows();
    }

    long errorRows() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public double errorFraction() {
        return rows() == 0 ? 0 : (double) errorRows() / rows();
    }

    public double seconds() {
        return wallTime.toNanos() / 1e9;
    }

    public double rowsPerSecond() {
        return rows() / seconds();
    }

    /** Generated ones only. */
    public double tokensPerSecond() {
        return tokens.completion() / seconds();
    }

    public String text() {
        return String.format(
                Locale.ROOT,
                "%,d rows in %.1f s (%.2f rows/s): %,d answered, %,d errors%s%n"
                        + "%,d prompt tokens (%,d of them vision), %,d completion tokens (%.1f tokens/s)%n"
                        + "output: %s",
                rows(),
                seconds(),
                rowsPerSecond(),
                answered,
                errorRows(),
                byCode(errors),
                tokens.prompt(),
                tokens.vision(),
                tokens.completion(),
                tokensPerSecond(),
                OutputFolder.name(output));
    }

    /** What follows the number of errors. */
    static String byCode(SortedMap<String, Long> errors) {
        return errors.entrySet().stream()
                .map(code -> code.getValue() + " " + code.getKey())
                .collect(Collectors.joining(", ", errors.isEmpty() ? "" : " (", errors.isEmpty() ? "" : ")"));
    }

    private static Column usage(String field) {
        return sum(col(Columns.USAGE + "." + field));
    }
}
