package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.dryrun.DryRunReport;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DryRunTest {
    /** A dot of 1 x 1. */
    private static final String DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=";

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @TempDir
    private Path folder;

    @Test
    void saysWhatTheJobThenDoesAndWritesNothing() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            lines.append(line("text-" + i, "\"Question " + i + "?\""));
        }
        for (int i = 0; i < 3; i++) {
            lines.append(line("dot-" + i, picture(DOT)));
            lines.append(line("web-" + i, picture("http://127.0.0.1:1/never.png")));
        }
        for (int i = 0; i < 4; i++) {
            lines.append("nonsense \\u001b[31m\n");
        }
        GenerateJob job = job(lines.toString());
        DryRunReport report = look(job, 0);
        assertThat(folder.resolve("out")).doesNotExist();

        EchoJob.run(job, spark, new StringWriter());
        Row sums = job.output()
                .read(spark)
                .selectExpr("count(*)", "sum(usage.prompt_tokens)", "sum(usage.vision_tokens)", "count(error)")
                .first();
        JsonNode json = new ObjectMapper().readTree(report.json());
        assertThat(json.path("rows").asLong()).isEqualTo(sums.getLong(0)).isEqualTo(30);
        assertThat(json.path("prompt_tokens").asLong())
                .isEqualTo(sums.getLong(1))
                .isPositive();
        assertThat(json.path("vision_tokens").asLong())
                .isEqualTo(sums.getLong(2))
                .isPositive();
        assertThat(json.path("failing_rows").asLong())
                .isEqualTo(sums.getLong(3))
                .isEqualTo(7);
        for (Row code : job.output()
                .read(spark)
                .where("error IS NOT NULL")
                .groupBy("error.code")
                .count()
                .collectAsList()) {
            assertThat(json.path("errors").path(code.getString(0)).path("rows").asLong())
                    .as(code.getString(0))
                    .isEqualTo(code.getLong(1));
        }
        assertThat(json.path("errors").path("invalid_json_line").path("examples"))
                .hasSize(3);
        assertThat(json.path("images").asLong()).isEqualTo(3);
        assertThat(json.path("image_bytes").asLong()).isEqualTo(3 * 35);
        assertThat(json.path("videos").asLong()).isZero();
        assertThat(json.path("equal_rows").asLong()).isEqualTo(2 + 2); // the dots, and the pictures of the web
        assertThat(json.has("estimate")).isFalse();
        assertThat(report.findings().errorFraction()).isEqualTo(7 / 30.0);
        assertThat(report.lines())
                .contains("30 rows: 23 with nothing against them, 7 that will fail")
                .contains("  4 invalid_json_line", "  3 url_not_allowed")
                .contains("media: 3 images of 0.0 MB, 0 videos")
                .contains("time: not estimated; --calibrate N answers N rows for it")
                .noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void saysOfAPreparedTableWhatIsInIt() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            lines.append(line("text-" + i, "\"Question " + i + "?\""));
            lines.append(line("dot-" + i, picture(DOT)));
        }
        lines.append(line("web", picture("http://127.0.0.1:1/never.png")));
        GenerateJob job = job(lines.toString());
        JsonNode requests = new ObjectMapper().readTree(look(job, 0).json());
        Path prepared = folder.resolve("prepared");
        PrepareJob preparation = new PrepareJob(
                (InputSelection) job.input(),
                EchoJob.of(folder.resolve("in.jsonl"), prepared).output(),
                OutputStart.Existing.KEPT,
                job.inference().preprocessing());
        try (OutputLock lock = preparation.lock(spark.sparkContext().hadoopConfiguration())) {
            preparation.run(spark, lock, new PrintWriter(new StringWriter()));
        }
        JsonNode json = new ObjectMapper()
                .readTree(look(EchoJob.of(prepared, folder.resolve("out")), 2).json());
        for (String field : List.of(
                "rows",
                "failing_rows",
                "prompt_tokens",
                "vision_tokens",
                "most_row_tokens",
                "images",
                "videos",
                "equal_rows")) {
            assertThat(json.path(field)).as(field).isEqualTo(requests.path(field));
        }
        assertThat(json.path("errors").path("url_not_allowed").path("rows").asLong())
                .isEqualTo(1);
        assertThat(json.path("image_bytes").asLong()).isPositive();
        assertThat(json.path("estimate").path("calibration_rows").asLong()).isEqualTo(2);
    }

    @Test
    void estimatesTheTimeOfAllRowsFromAFewThatAreAnswered() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            lines.append(line("text-" + i, "\"Question " + i + "?\""));
        }
        DryRunReport report = look(job(lines.toString()), 5);
        JsonNode estimate = new ObjectMapper().readTree(report.json()).path("estimate");
        assertThat(estimate.path("calibration_rows").asLong()).isEqualTo(5);
        double seconds = estimate.path("calibration_seconds").asDouble();
        assertThat(seconds).isPositive();
        double all = estimate.path("start_seconds").asDouble() + 10 * seconds;
        assertThat(estimate.path("start_seconds").asDouble())
                .isGreaterThan(50); // of the 100 that the look began before
        assertThat(estimate.path("seconds").asDouble()).isEqualTo(all, within(1e-9));
        assertThat(estimate.path("answer_tokens").asLong()).isEqualTo(50);
        assertThat(estimate.path("cost").asDouble()).isEqualTo(36 * all / 3600, within(1e-9));
        assertThat(report.lines())
                .anySatisfy(line -> assertThat(line).startsWith("start: about "))
                .anySatisfy(line -> assertThat(line).startsWith("time: about ").contains("as 5 rows took"));
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void countsOnlyCopiesOfWhatIsAnsweredAsTimeThatIsSaved() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            lines.append(line("text-" + i, "\"Question " + i + "?\""));
            lines.append(line("web-" + i, picture("http://127.0.0.1:1/never.png")));
        }
        lines.append(line("again", "\"Question 0?\""));
        GenerateJob job = job(lines.toString());
        GenerateJob copying = new GenerateJob(
                job.input(), job.output(), job.existing(), job.inference(), job.preprocessing(), Repeats.COPIED);
        JsonNode json = new ObjectMapper().readTree(look(copying, 2).json());
        assertThat(json.path("answerable_rows").asLong()).isEqualTo(5);
        assertThat(json.path("equal_rows").asLong()).isEqualTo(3 + 1);
        assertThat(json.path("estimate").path("answer_tokens").asLong()).isEqualTo(4);
    }

    @Test
    void hasNothingToSayOfAnInputWithoutRows() throws Exception {
        DryRunReport report = look(job(""), 8);
        assertThat(report.findings().rows()).isZero();
        assertThat(report.findings().errorFraction()).isZero();
        assertThat(report.lines()).contains("0 rows: 0 with nothing against them, 0 that will fail");
    }

    private static DryRunReport look(GenerateJob job, int calibrationRows) throws Exception {
        return new DryRun(
                        job,
                        calibrationRows,
                        OptionalDouble.of(36),
                        Instant.now().minusSeconds(100))
                .run(spark, new PrintWriter(new StringWriter()));
    }

    private GenerateJob job(String lines) throws Exception {
        return EchoJob.of(Files.writeString(folder.resolve("in.jsonl"), lines), folder.resolve("out"));
    }

    private static String picture(String url) {
        return "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url
                + "\"}},{\"type\":\"text\",\"text\":\"What?\"}]";
    }

    private static String line(String customId, String content) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"messages\":[{\"role\":\"user\",\"content\":" + content
                + "}],\"temperature\":0,\"max_tokens\":1}}\n";
    }
}
