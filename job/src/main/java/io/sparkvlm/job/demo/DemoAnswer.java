package io.sparkvlm.job.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What has come of one request: a text or an error, never both. */
public record DemoAnswer(Optional<String> text, Optional<Refusal> refusal) {
    public DemoAnswer {
        if (text.isPresent() == refusal.isPresent()) {
            throw new IllegalArgumentException("expected a text or a refusal, found " + text + " and " + refusal);
        }
    }

    /** An error row's code and message. */
    public record Refusal(String code, String message) {}

    static DemoAnswer of(String text) {
        return new DemoAnswer(Optional.of(text), Optional.empty());
    }

    static DemoAnswer refused(String code, String message) {
        return new DemoAnswer(Optional.empty(), Optional.of(new Refusal(code, message)));
    }

    /** All answers of a job's output, by custom_id. */
    public static Map<String, DemoAnswer> readAll(Dataset<Row> output) {
        Map<String, DemoAnswer> answers = new HashMap<>();
        for (Row row : output.select("custom_id", "text", "error.code", "error.message")
                .collectAsList()) {
            answers.put(
                    row.getString(0),
                    row.isNullAt(2) ? of(row.getString(1)) : refused(row.getString(2), row.getString(3)));
        }
        return answers;
    }
}
