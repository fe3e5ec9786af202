package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.job.Main;
import io.sparkvlm.job.demo.DemoFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a newcomer runs, from the classes and from the jar alone. */
final class DemoTest {
    private static final int QUESTIONS = 98;

    @TempDir
    private Path folder;

    @Test
    void answersAgainInTheFolderOfAnEarlierDemo() throws IOException {
        DemoFolder earlier = DemoFolder.prepare(folder.resolve("demo"));
        Files.createDirectory(earlier.output());
        Files.writeString(earlier.output().resolve("part-0.snappy.parquet"), "an earlier answer");
        Path note = Files.writeString(earlier.path().resolve("note.txt"), "mine");

        assertThat(Main.run("demo", "--folder", earlier.path().toString())).isZero();

        assertThat(note).hasContent("mine");
        isAnsweredAsItShould(earlier.path());
    }

    @Test
    void runsFromTheJarAlone() throws Exception {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        List<String> args =
                SparkProcess.submit("local[2]", folder, List.of("demo", "--folder", "my demo", "--dtype", "float32"));
        try (SparkProcess job = SparkProcess.start(folder, "job", "org.apache.spark.deploy.SparkSubmit", args)) {
            assertThat(job.await()).as(job.output()).isZero();
            assertThat(job.output())
                    .contains("5 requests are bad on purpose: 5 of them came to an error row")
                    .containsPattern("all +9\\d +" + QUESTIONS)
                    .contains("'" + folder.resolve("my demo/output") + "'");
        }
        isAnsweredAsItShould(folder.resolve("my demo"));
    }

    /** Judged by what is in the table and in the key, not by what the demo says of itself. */
    private static void isAnsweredAsItShould(Path demo) throws IOException {
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
    }
}
