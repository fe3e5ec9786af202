package io.sparkvlm.job.run.summary;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * Sums up a finished job from the rows of its output.
 *
 * @param errors rows by error code
 * @param example of the most frequent error
 * @param copied rows that have the answer or the error of another one
 * @param earlierRows those that an earlier start had answered
 * @param wallTime of the last start
 */
public record JobSummary(
        long answered,
        SortedMap<String, Long> errors,
        Optional<ErrorExample> example,
        Tokens tokens,
        long copied,
        long earlierRows,
        Duration wallTime,
        Path output) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of all rows that the engine answered, together; the prompt's include the vision tokens. */
    public record Tokens(long prompt, long vision, long completion) {}

    /** Counts what was written: the tasks' own counters may hold a task twice that was run twice. */
    public static JobSummary read(SparkSession spark, OutputFolder output, long earlierRows, Duration wallTime) {
        SortedMap<String, Long> errors = new TreeMap<>();
        long answered = 0;
        long copied = 0;
        Tokens tokens = new Tokens(0, 0, 0);
        Optional<ErrorExample> example = Optional.empty();
        long most = 0;
        for (Row row : byCode(spark, output)) {
            copied += row.getLong(5);
            if (row.isNullAt(0)) {
                answered = row.getLong(1);
                tokens = new Tokens(row.getLong(2), row.getLong(3), row.getLong(4));
            } else {
                errors.put(row.getString(0), row.getLong(1));
                if (row.getLong(1) > most) {
                    most = row.getLong(1);
                    example = Optional.of(example(row.getString(0), row.getStruct(6)));
                }
            }
        }
        return new JobSummary(answered, errors, example, tokens, copied, earlierRows, wallTime, output.path());
    }

    private static ErrorExample example(String code, Row first) {
        return new ErrorExample(code, first.getString(0), first.getString(1));
    }

    private static List<Row> byCode(SparkSession spark, OutputFolder output) {
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), NamedJobs.COUNTING)) {
            Dataset<Row> rows = output.read(spark);
            Column copyOf = rows.schema().getFieldIndex(Columns.COPY_OF).isDefined()
                    ? col(Columns.COPY_OF)
                    : lit(null).cast(DataTypes.StringType);
            return rows.groupBy(col(Columns.ERROR + ".code"))
                    .agg(
                            count(lit(1)),
                            usage("prompt_tokens", copyOf),
                            usage("vision_tokens", copyOf),
                            usage("completion_tokens", copyOf),
                            count(copyOf),
                            min(struct(col(Columns.ROW_ID), col(Columns.ERROR + ".message"))))
                    .orderBy("code")
                    .collectAsList();
        }
    }

    /** As a finished output keeps it. */
    public String toJson() {
        ObjectNode json = JSON.createObjectNode().put("answered", answered).put("copied", copied);
        json.set("errors", JSON.valueToTree(errors));
        example.ifPresent(one -> one.write(json.putObject("example")));
        json.putObject("tokens")
                .put("prompt", tokens.prompt())
                .put("vision", tokens.vision())
                .put("completion", tokens.completion());
        return json + "\n";
    }

    /** Reads what {@link #toJson} wrote: nothing is left to do. */
    public static JobSummary parse(String text, Path output) throws IOException {
        JsonNode json = JSON.readTree(text);
        SortedMap<String, Long> errors = ErrorCounts.parse(json.path("errors"));
        JsonNode tokens = json.path("tokens");
        long answered = json.path("answered").asLong();
        return new JobSummary(
                answered,
                errors,
                ErrorExample.parse(json.path("example")),
                new Tokens(
                        tokens.path("prompt").asLong(),
                        tokens.path("vision").asLong(),
                        tokens.path("completion").asLong()),
                json.path("copied").asLong(),
                answered + ErrorCounts.total(errors),
                Duration.ZERO,
                output);
    }

    /**
     * Checks that no row is missing.
     *
     * @throws IOException where the output does not hold as many
     */
    public void requireRows(long expected) throws IOException {
        if (rows() != expected) {
            throw new IOException("expected " + expected + " rows in the output, found " + rows() + ": "
                    + (rows() < expected
                            ? "start it again to go on"
                            : "the input no longer has rows that are answered; choose another --output"));
        }
    }

    public long rows() {
        return answered + errorRows();
    }

    public long errorRows() {
        return ErrorCounts.total(errors);
    }

    public double errorFraction() {
        return rows() == 0 ? 0 : (double) errorRows() / rows();
    }

    public double seconds() {
        return wallTime.toNanos() / 1e9;
    }

    /** Of the last start alone. */
    public double rowsPerSecond() {
        return (rows() - earlierRows) / seconds();
    }

    /** Generated ones only, where no earlier start generated any. */
    public double tokensPerSecond() {
        return tokens.completion() / seconds();
    }

    public String text() {
        return String.format(
                Locale.ROOT,
                "%s: %,d answered, %s%s%s%n%s%s (%,d of them vision), %s%s%n" + "output: %s",
                rowsText(),
                answered,
                Figures.count(errorRows(), "error"),
                ErrorCounts.text(errors),
                copied == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d of them copied from rows that ask the same", copied),
                example.map(one -> one.text() + System.lineSeparator()).orElse(""),
                Figures.count(tokens.prompt(), "prompt token"),
                tokens.vision(),
                Figures.count(tokens.completion(), "completion token"),
                earlierRows == 0 ? String.format(Locale.ROOT, " (%.1f tokens/s)", tokensPerSecond()) : "",
                PathText.of(output));
    }

    private String rowsText() {
        if (earlierRows > 0 && earlierRows == rows()) {
            return Figures.count(rows(), "row") + ", all of them there already";
        }
        String earlier =
                earlierRows == 0 ? "" : String.format(Locale.ROOT, ", %,d of them there already,", earlierRows);
        return String.format(
                Locale.ROOT,
                "%s%s in %.1f s (%.2f rows/s)",
                Figures.count(rows(), "row"),
                earlier,
                seconds(),
                rowsPerSecond());
    }

    private static Column usage(String field, Column copyOf) {
        return sum(when(copyOf.isNull(), col(Columns.USAGE + "." + field)).otherwise(0));
    }
}
