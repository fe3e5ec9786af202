package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Judges a demo by what is in its table and in its key, not by what the demo says of itself. */
final class DemoAnswers {
    static final int QUESTIONS = 98;

    private DemoAnswers() {}

    /** The rows of the demo's table, which are as they should be. */
    static List<Row> of(Path demo) throws IOException {
        List<Row> rows = Job.rows(demo.resolve("output"));
        assertThat(rows).hasSize(QUESTIONS + 5);
        Map<String, Row> byId = rows.stream().collect(Collectors.toMap(row -> row.getAs("custom_id"), row -> row));
        int right = 0;
        for (String line : Files.readAllLines(demo.resolve("answers.jsonl"))) {
            JsonNode expected = Reference.JSON.readTree(line);
            Row row = byId.get(expected.get("custom_id").textValue());
            if (expected.has("error")) {
                assertThat(row.<Row>getAs("error").<String>getAs("code"))
                        .isEqualTo(expected.get("error").textValue());
            } else if (expected.get("answer").textValue().equals(row.getAs("text"))) {
                right++;
            }
        }
        assertThat(right).isGreaterThan(QUESTIONS * 95 / 100);
        return rows;
    }
}
