package io.sparkvlm.job.kill;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnull;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.sparkvlm.job.output.OutputFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Compares an output with its input and with the output of a job that nothing happened to; knows nothing of how it came about.
 *
 * @param lost rows of the input that are not there
 * @param twice rows that are there more than once
 * @param foreign rows that the input has not
 * @param different rows that say something else than those of the other output, or have not exactly one of answer and error
 */
public record OutputCheck(long lost, long twice, long foreign, long different) {
    private static final String ID = "id";
    private static final String CONTENT = "content";

    /** Between what a row says that is there twice; each is JSON. */
    private static final String TWICE = "}\n{";

    /** When a row was answered, which differs. */
    private static final String CREATED = "\"created\":\\d+";

    /** What the rows of an output say, by their ids; a row that is there twice says so. */
    public static Map<String, String> contents(String output, OutputFormat format, SparkSession spark) {
        Map<String, String> contents = new HashMap<>();
        for (Row row : rows(output, format, spark).collectAsList()) {
            contents.merge(row.getString(0), row.getString(1), (first, second) -> first + "\n" + second);
        }
        return contents;
    }

    /** What is wrong with the contents of an output. */
    public static OutputCheck of(List<String> input, Map<String, String> found, Map<String, String> undisturbed) {
        Set<String> lost = new TreeSet<>(input);
        lost.removeAll(found.keySet());
        Set<String> foreign = new TreeSet<>(found.keySet());
        foreign.removeAll(input);
        long twice = found.values().stream()
                .filter(content -> content.contains(TWICE))
                .count();
        long different = found.entrySet().stream()
                .filter(row ->
                        !row.getValue().contains(TWICE) && !row.getValue().equals(undisturbed.get(row.getKey())))
                .count();
        return new OutputCheck(lost.size(), twice, foreign.size(), different);
    }

    /** What is wrong with both. */
    public OutputCheck plus(OutputCheck other) {
        return new OutputCheck(
                lost + other.lost, twice + other.twice, foreign + other.foreign, different + other.different);
    }

    public boolean isClean() {
        return lost + twice + foreign + different == 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d lost, %d twice, %d foreign, %d different", lost, twice, foreign, different);
    }

    private static Dataset<Row> rows(String output, OutputFormat format, SparkSession spark) {
        return switch (format) {
            case PARQUET -> {
                Column answer = regexp_replace(col("response"), CREATED, "");
                yield spark.read()
                        .parquet(output)
                        .select(
                                col("row_id").as(ID),
                                to_json(struct(
                                                isnull(col("response"))
                                                        .notEqual(isnull(col("error")))
                                                        .as("one"),
                                                answer.as("answer"),
                                                col("status_code"),
                                                col("text"),
                                                col("error"),
                                                col("media"),
                                                col("params"),
                                                col("row_index")))
                                        .as(CONTENT));
            }
            case OPENAI_BATCH -> lines(spark, output + "/output.jsonl", output + "/errors.jsonl");
            case BATCH_FILE -> lines(spark, output);
        };
    }

    private static Dataset<Row> lines(SparkSession spark, String... files) {
        return spark.read()
                .text(files)
                .selectExpr(
                        "get_json_object(value, '$.custom_id') " + ID,
                        "regexp_replace(value, '" + CREATED.replace("\\", "\\\\") + "', '') " + CONTENT);
    }
}
