package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sparkvlm.job.CountingEngine;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job whose input asks the same several times. */
final class DedupeTest {
    private static final int QUESTIONS = 5;
    private static final int ROWS_OF_A_QUESTION = 8;
    private static final int SEEDED = 3;
    private static final int SAMPLED = 4;
    /** One whose custom_id repeats another's, and one that is no request. */
    private static final int REFUSED = 2;

    private static final int ROWS = QUESTIONS * ROWS_OF_A_QUESTION + SEEDED + SAMPLED + REFUSED;
    private static final int COPIES = QUESTIONS * (ROWS_OF_A_QUESTION - 1) + SEEDED - 1;
    private static final int ASKED = ROWS - REFUSED - COPIES;

    /** What an undisturbed answer has, but for when and how fast it came. */
    private static final String[] CONTENT = {
        "row_id",
        "custom_id",
        "status",
        "status_code",
        "text",
        "finish_reason",
        "created_less",
        "usage.prompt_tokens",
        "usage.completion_tokens",
        "error.code",
        "error.param",
        "media",
        "warnings",
        "mark",
        "row_index"
    };

    private static SparkSession spark;

    @TempDir
    private static Path shared;

    private static Path input;
    /** What a job answers that copies nothing. */
    private static Path each;

    @TempDir
    private Path folder;

    private String engine;

    @BeforeAll
    static void start() throws Exception {
        spark = LocalSpark.withCores(2);
        spark.conf().set("spark.sql.files.maxRecordsPerFile", 4);
        input = requests(shared.resolve("in.jsonl"));
        each = shared.resolve("each");
        CountingEngine.script("each", asked -> false);
        run(job(input, each, "each", PreprocessingMode.FUSED, Repeats.ANSWERED, Existing.KEPT));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void nameTheEngine(TestInfo test) {
        engine = test.getDisplayName();
    }

    private static Path requests(Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < QUESTIONS * ROWS_OF_A_QUESTION; i++) {
            // As many tokens as nothing else has, which the answer's usage shows.
            lines.append(line(lines.length(), "hi ".repeat(1 + i % QUESTIONS), "\"temperature\":0"));
        }
        for (int i = 0; i < SEEDED; i++) {
            lines.append(line(lines.length(), "hi", "\"temperature\":1,\"seed\":3"));
        }
        for (int i = 0; i < SAMPLED; i++) {
            lines.append(line(lines.length(), "hi", "\"temperature\":1"));
        }
        lines.append(line(0, "hi ", "\"temperature\":0"));
        lines.append(line(lines.length(), "hi ", "\"temperature\":-1"));
        return Files.writeString(file, lines);
    }

    @ParameterizedTest
    @EnumSource(PreprocessingMode.class)
    void answersEqualRequestsOnce(PreprocessingMode mode) throws Exception {
        CountingEngine.Script script = CountingEngine.script(engine, asked -> false);

        JobSummary summary = run(job("out", mode, Repeats.COPIED, Existing.KEPT));

        assertThat(script.asked()).isEqualTo(ASKED);
        assertThat(summary.text())
                .contains(String.format("%d rows in", ROWS))
                .contains(String.format("; %d of them copied from rows that ask the same", COPIES));
        assertThat(content(folder.resolve("out"))).containsExactlyElementsOf(content(each));
        List<Row> first = table().where("copy_of is not null")
                .groupBy("copy_of")
                .count()
                .orderBy(functions.desc("count"))
                .collectAsList();
        assertThat(first).extracting(row -> row.getLong(1)).containsExactly(7L, 7L, 7L, 7L, 7L, SEEDED - 1L);
        assertThat(job("out", mode, Repeats.COPIED, Existing.KEPT)
                        .finished(hadoop())
                        .orElseThrow()
                        .text())
                .contains(COPIES + " of them copied");
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(
                        () -> job("out", mode, Repeats.ANSWERED, Existing.KEPT).finished(hadoop()))
                .withMessageContaining("--dedupe was true and is not there");
    }

    @Test
    void answersEqualRowsOfAPreparedTableOnce() throws Exception {
        GenerateJob requests = job("prepared", PreprocessingMode.FUSED, Repeats.COPIED, Existing.KEPT);
        PrepareJob preparation = new PrepareJob(
                (InputSelection) requests.input(),
                requests.output(),
                Existing.KEPT,
                requests.inference().preprocessing());
        try (OutputLock lock = preparation.lock(hadoop())) {
            preparation.run(spark, lock, new PrintWriter(new StringWriter()));
        }
        CountingEngine.Script script = CountingEngine.script(engine, asked -> false);

        JobSummary summary = run(job(
                folder.resolve("prepared"),
                folder.resolve("out"),
                engine,
                PreprocessingMode.FUSED,
                Repeats.COPIED,
                Existing.KEPT));

        assertThat(script.asked()).isEqualTo(ASKED);
        assertThat(summary.text()).contains(String.format("; %d of them copied", COPIES));
        assertThat(content(folder.resolve("out"))).containsExactlyElementsOf(content(each));
    }

    @Test
    void goesOnWithWhatAnEarlierStartHasAnsweredAndCopied() throws Exception {
        CountingEngine.script(engine, asked -> false);
        run(job("out", PreprocessingMode.FUSED, Repeats.COPIED, Existing.KEPT));
        Path originals = publishedFile("copy_of is null and status = 'ok'");
        Path copies = publishedFile("copy_of is not null");
        long lost = spark.read().parquet(originals.toString()).count();
        for (Path file : List.of(originals, copies, folder.resolve("out/_SUCCESS"))) {
            Files.delete(file);
        }
        CountingEngine.Script second = CountingEngine.script(engine, asked -> false);

        run(job("out", PreprocessingMode.FUSED, Repeats.COPIED, Existing.KEPT));

        assertThat(second.asked()).isEqualTo(Math.toIntExact(lost)).isPositive();
        assertThat(content(folder.resolve("out"))).containsExactlyElementsOf(content(each));
    }

    @Test
    void answersEachRowOfARequestWhoseFirstFailedForAReasonThatMayPass() throws Exception {
        CountingEngine.Script script = CountingEngine.script(engine, asked -> false, asked -> asked <= ASKED);
        JobSummary first = run(job("out", PreprocessingMode.FUSED, Repeats.COPIED, Existing.KEPT));
        assertThat(script.asked()).isEqualTo(ROWS - REFUSED);
        assertThat(first.errors()).containsEntry("server_error", (long) ASKED);
        assertThat(first.text()).doesNotContain("copied");

        CountingEngine.Script second = CountingEngine.script(engine, asked -> false);
        JobSummary retried = run(job("out", PreprocessingMode.FUSED, Repeats.COPIED, Existing.RETRIED));
        assertThat(second.asked()).isEqualTo(ASKED);
        assertThat(retried.errorRows()).isEqualTo(REFUSED);
    }

    @Test
    void copiesErrorsThatAreTheRequestsOwnOrEndItsExecutor() throws Exception {
        GenerateJob job = job("out", PreprocessingMode.FUSED, Repeats.COPIED, Existing.KEPT);
        JobInput rows = JobInput.read(
                        job.input(), Optional.empty(), job.inference().preprocessing(), spark, note -> {})
                .copying();
        try (EqualRequests equal = EqualRequests.among(rows, job.inference().preprocessing())) {
            assertThat(equal.copies().size()).isEqualTo(COPIES);
            for (String code : List.of("worker_crashed", "context_length_exceeded", "url_not_allowed")) {
                assertThat(equal.rows(rows.table(), failed(code)).count())
                        .as(code)
                        .isEqualTo(COPIES);
            }
            for (String code : List.of("server_error", "engine_out_of_memory", "failed_to_download_image")) {
                assertThat(equal.rows(rows.table(), failed(code)).count())
                        .as(code)
                        .isZero();
            }
        }
    }

    @Test
    void writesOpenAisFilesWithTheIdsOfEachRow() throws Exception {
        CountingEngine.Script script = CountingEngine.script(engine, asked -> false);
        GenerateJob table = job("out", PreprocessingMode.FUSED, Repeats.COPIED, Existing.KEPT);
        run(new GenerateJob(
                table.input(),
                OutputFolder.of(folder.resolve("out").toString(), OutputFormat.OPENAI_BATCH, hadoop()),
                Existing.KEPT,
                table.inference(),
                PreprocessingMode.FUSED,
                Repeats.COPIED));
        assertThat(script.asked()).isEqualTo(ASKED);
        Dataset<Row> answers =
                spark.read().json(folder.resolve("out/output.jsonl").toString());
        assertThat(answers.selectExpr("custom_id", "id", "response.body.id", "response.body.usage.prompt_tokens")
                        .distinct()
                        .count())
                .isEqualTo(ROWS - REFUSED);
        assertThat(answers.selectExpr("concat('chatcmpl-', response.request_id) = response.body.id as same")
                        .where("same")
                        .count())
                .isEqualTo(ROWS - REFUSED);
        assertThat(answers.select("custom_id").collectAsList().stream()
                        .map(row -> Integer.parseInt(row.getString(0)))
                        .toList())
                .as("the order of the input")
                .isSorted();
    }

    /** A table in which all rows have this error. */
    private static Dataset<Row> failed(String code) {
        return spark.read()
                .parquet(each.toString())
                .withColumn("copy_of", functions.lit(null).cast("string"))
                .withColumn(
                        "error",
                        functions.expr(
                                "named_struct('code', '" + code + "', 'type', 't', 'message', 'm', 'param', 'p')"));
    }

    private static List<Row> content(Path table) {
        return spark.read()
                .parquet(table.toString())
                .withColumn("created_less", functions.regexp_replace(functions.col("response"), "\"created\":\\d+", ""))
                .selectExpr(CONTENT)
                .orderBy("row_id")
                .collectAsList();
    }

    /** A file of rows such as these alone. */
    private Path publishedFile(String condition) {
        return Path.of(URI.create(table().groupBy(functions.input_file_name().as("file"))
                .agg(functions.expr("bool_and(" + condition + ")").as("all"))
                .where("all")
                .select("file")
                .first()
                .getString(0)));
    }

    private Dataset<Row> table() {
        return spark.read().parquet(folder.resolve("out").toString());
    }

    private static JobSummary run(GenerateJob job) throws Exception {
        assertThat(job.finished(hadoop())).isEmpty();
        return EchoJob.run(job, spark, new StringWriter());
    }

    private GenerateJob job(String output, PreprocessingMode mode, Repeats repeats, Existing existing)
            throws JobRefusedException {
        return job(input, folder.resolve(output), engine, mode, repeats, existing);
    }

    private static GenerateJob job(
            Path input, Path output, String engine, PreprocessingMode mode, Repeats repeats, Existing existing)
            throws JobRefusedException {
        return new GenerateJob(
                new InputSelection(
                        RequestFiles.find(input.toString(), InputFormat.AUTO, hadoop()),
                        ColumnRoles.NONE,
                        Optional.empty()),
                OutputFolder.of(output.toString(), OutputFormat.PARQUET, hadoop()),
                existing,
                EchoInference.config(new CountingEngine.Source(engine), WebAccess.CLOSED, 7),
                mode,
                repeats);
    }

    private static Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }

    private static String line(int customId, String prompt, String sampling) {
        return "{\"custom_id\":\"" + customId + "\",\"mark\":" + customId
                + ",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]," + sampling
                + ",\"max_tokens\":1}}\n";
    }
}
