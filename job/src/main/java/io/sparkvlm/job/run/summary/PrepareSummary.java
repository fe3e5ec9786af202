package io.sparkvlm.job.run.summary;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.PathText;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Sums up a finished preparation from the rows it wrote.
 *
 * @param errors rows by error code
 * @param bytes of the table's files
 */
public record PrepareSummary(
        long prepared, SortedMap<String, Long> errors, long bytes, Duration wallTime, Path output) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static PrepareSummary read(SparkSession spark, OutputFolder output, Duration wallTime) throws IOException {
        SortedMap<String, Long> errors = new TreeMap<>();
        long prepared = 0;
        for (Row row : byCode(spark, output)) {
            if (row.isNullAt(0)) {
                prepared = row.getLong(1);
            } else {
                errors.put(row.getString(0), row.getLong(1));
            }
        }
        long bytes = output.table()
                .getFileSystem(spark.sparkContext().hadoopConfiguration())
                .getContentSummary(output.table())
                .getLength();
        return new PrepareSummary(prepared, errors, bytes, wallTime, output.path());
    }

    private static List<Row> byCode(SparkSession spark, OutputFolder output) {
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), NamedJobs.COUNTING)) {
            return output.read(spark)
                    .groupBy(col(Columns.ERROR + ".code"))
                    .agg(count(lit(1)))
                    .collectAsList();
        }
    }

    /** As a finished output keeps it. */
    public String toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("prepared", prepared)
                .put("bytes", bytes)
                .put("millis", wallTime.toMillis());
        json.set("errors", JSON.valueToTree(errors));
        return json + "\n";
    }

    /** Reads what {@link #toJson} wrote. */
    public static PrepareSummary parse(String text, Path output) throws IOException {
        JsonNode json = JSON.readTree(text);
        return new PrepareSummary(
                json.path("prepared").asLong(),
                ErrorCounts.parse(json.path("errors")),
                json.path("bytes").asLong(),
                Duration.ofMillis(json.path("millis").asLong()),
                output);
    }

    /**
     * Checks that no row is missing.
     *
     * @throws IOException where the output does not hold as many
     */
    public void requireRows(long expected) throws IOException {
        if (prepared + refused() != expected) {
            throw new IOException("expected " + expected + " rows in the output, found " + (prepared + refused())
                    + ": start it again to go on");
        }
    }

    private long refused() {
        return ErrorCounts.total(errors);
    }

    public String text() {
        double seconds = wallTime.toNanos() / 1e9;
        long refused = refused();
        return String.format(
                Locale.ROOT,
                "%s in %.1f s (%.2f rows/s): %,d prepared, %s%s%n%.1f MB%noutput: %s",
                Figures.count(prepared + refused, "row"),
                seconds,
                (prepared + refused) / seconds,
                prepared,
                Figures.count(refused, "error"),
                ErrorCounts.text(errors),
                bytes / 1e6,
                PathText.of(output));
    }
}
