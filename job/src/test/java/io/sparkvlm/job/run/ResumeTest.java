package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.CountingEngine;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.FlakyFileSystem;
import io.sparkvlm.job.FlakyFileSystem.Step;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.kill.Workload;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.output.StartLog;
import io.sparkvlm.job.output.StartLog.Start;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.spark.commit.PublishedFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that was broken off and is started again. */
final class ResumeTest {
    private static final int LINES = 60;
    private static final int REPEATED = 2;
    private static final int ROWS_PER_FILE = 5;
    /** As the tests' inference has it. */
    private static final int IN_FLIGHT = 8;

    @AutoClose
    private static SparkSession spark;

    @TempDir
    private Path folder;

    private Path input;
    private String engine;

    @BeforeAll
    static void start() {
        spark = LocalSpark.withCores(2);
        spark.conf().set("spark.sql.files.maxRecordsPerFile", ROWS_PER_FILE);
        FlakyFileSystem.register(spark.sparkContext().hadoopConfiguration());
    }

    @BeforeEach
    void requests(TestInfo test) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            // The first id stands in three rows, of which one is answered.
            lines.append(line("id-" + (i % 20 == 0 ? 0 : i)));
        }
        input = Files.writeString(folder.resolve("in.jsonl"), lines);
        engine = test.getDisplayName();
        FlakyFileSystem.follow((step, name) -> {});
    }

    @ParameterizedTest
    @EnumSource(PreprocessingMode.class)
    void answersOnlyWhatIsMissingOnceItIsStartedAgain(PreprocessingMode mode) throws Exception {
        CountingEngine.script(engine, asked -> asked > 30);
        assertThatThrownBy(() -> run(job(OutputFormat.PARQUET, mode))).hasStackTraceContaining("the device is lost");
        List<Row> before = spark.read().parquet(output().toString()).collectAsList();
        assertThat(before).hasSizeBetween(ROWS_PER_FILE, LINES - 1);
        assertThat(output().resolve("_SUCCESS")).doesNotExist();

        CountingEngine.Script second = CountingEngine.script(engine, asked -> false);
        JobSummary summary = run(job(OutputFormat.PARQUET, mode));

        long answeredBefore =
                before.stream().filter(row -> row.getAs("status").equals("ok")).count();
        assertThat(second.asked()).isEqualTo(LINES - REPEATED - answeredBefore);
        assertThat(summary.text()).contains("60 rows, " + before.size() + " of them there already,");
        List<Row> rows = OutputRows.areThoseOf(input, output(), spark);
        assertThat(rows).containsAll(before);
        assertThat(summary.errors()).containsOnlyKeys("duplicate_custom_id");
        assertThat(summary.errorRows()).as("judged over the whole input").isEqualTo(REPEATED);

        List<Start> starts = starts();
        assertThat(starts).extracting(Start::outcome).containsExactly("failed", "finished");
        assertThat(starts).extracting(Start::rows).containsExactly((long) before.size(), (long) LINES - before.size());
        assertThat(starts).extracting(Start::mostExecutors).containsExactly(1, 1);

        Optional<JobSummary> third = job(OutputFormat.PARQUET, mode).finished(new Configuration());
        assertThat(third.orElseThrow().text())
                .contains("60 rows, all of them there already: 58 answered, 2 errors (2 duplicate_custom_id)");
    }

    @Test
    void aTaskThatIsRunAgainAnswersOnlyWhatItHasNotPublished() throws Exception {
        CountingEngine.Script script = CountingEngine.script(engine, asked -> asked == 40);
        JobSummary summary = run(job(OutputFormat.PARQUET, PreprocessingMode.FUSED));
        assertThat(summary.rows()).isEqualTo(LINES);
        List<Row> rows = OutputRows.areThoseOf(input, output(), spark);
        assertThat(rows).extracting(row -> row.<Integer>getAs("attempts")).contains(1, 2);
        int tasks = 2;
        assertThat(script.asked()).isLessThanOrEqualTo(LINES + tasks * (IN_FLIGHT + ROWS_PER_FILE));
    }

    @Test
    void namesWhatIsAskedOtherwise() throws Exception {
        CountingEngine.script(engine, asked -> asked > 30);
        assertThatThrownBy(() -> run(job(OutputFormat.PARQUET, PreprocessingMode.FUSED)))
                .hasStackTraceContaining("the device is lost");
        CountingEngine.script(engine, asked -> false);

        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(
                        () -> job(OutputFormat.OPENAI_BATCH, 8, Existing.KEPT).finished(new Configuration()))
                .withMessageContaining("was begun by a job that was asked otherwise: ")
                .withMessageContaining("--output-format was parquet and is openai-batch; --seed was 7 and is 8; ")
                .withMessageEndingWith("choose another output, or --overwrite");
        Files.writeString(input, Files.readString(input) + line("another"));
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> run(job(OutputFormat.PARQUET, 7, Existing.KEPT)))
                .withMessageMatching(".*input file \\S+in.jsonl was \\d+ bytes of \\S+ and is \\d+ bytes of .*");

        assertThat(run(job(OutputFormat.PARQUET, 8, Existing.OVERWRITTEN)).rows())
                .isEqualTo(LINES + 1);
        OutputRows.areThoseOf(input, output(), spark);
    }

    /** Broken off nowhere, before the old files are deleted, and before the new ones are there. */
    @ParameterizedTest
    @CsvSource({"DONE, nothing", "DONE, replaced", "BEFORE, part-"})
    void answersAgainTheRowsWhoseErrorsMayPass(Step step, String name) throws Exception {
        CountingEngine.script(engine, asked -> false, asked -> asked % 10 == 0);
        JobSummary first = run(flaky(Existing.KEPT));
        int failed = (LINES - REPEATED) / 10;
        assertThat(first.errors()).containsEntry("server_error", (long) failed);
        List<Row> others = spark.read()
                .parquet(output().toString())
                .where("not coalesce(error.code, '') = 'server_error'")
                .collectAsList();
        assertThat(flaky(Existing.KEPT).finished(hadoop())).isPresent();

        CountingEngine.Script second = CountingEngine.script(engine, asked -> false);
        if (!name.equals("nothing")) {
            AtomicBoolean listed = new AtomicBoolean(); // Spark renames files that begin in the same way before
            FlakyFileSystem.follow((at, file) -> {
                listed.compareAndSet(false, at == Step.DONE && file.equals("replaced"));
                failIf(listed.get() && at == step && file.startsWith(name));
            });
            assertThatThrownBy(() -> run(flaky(Existing.RETRIED))).hasMessageContaining("flaky");
            assertThat(flaky(Existing.KEPT).finished(hadoop())).isEmpty();
            FlakyFileSystem.follow((at, file) -> {});
            run(flaky(Existing.KEPT));
        } else {
            run(flaky(Existing.RETRIED));
        }

        assertThat(second.asked()).isEqualTo(failed);
        List<Row> rows = OutputRows.areThoseOf(input, output(), spark);
        assertThat(rows).containsAll(others);
        assertThat(rows.stream().filter(row -> row.getAs("status").equals("error")))
                .hasSize(REPEATED);
        assertThat(flaky(Existing.RETRIED).finished(hadoop()))
                .as("nothing to retry")
                .isPresent();
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() ->
                        job(OutputFormat.OPENAI_BATCH, 7, Existing.RETRIED).finished(hadoop()))
                .withMessageContaining("expected a Parquet table as the output of --retry-failed");
    }

    @Test
    void preparesOnlyWhatIsMissingOnceItIsStartedAgain() throws Exception {
        AtomicInteger published = new AtomicInteger();
        FlakyFileSystem.follow((step, name) ->
                failIf(step == Step.BEFORE && name.startsWith("part-") && published.incrementAndGet() > 4));
        assertThatThrownBy(() -> run(preparation())).hasStackTraceContaining("flaky");
        List<Row> before = spark.read().parquet(output().toString()).collectAsList();
        assertThat(before).hasSizeBetween(1, LINES - 1);

        FlakyFileSystem.follow((step, name) -> {});
        StringWriter said = run(preparation());

        assertThat(said.toString()).contains(before.size() + " of 60 rows are there already");
        List<Row> rows = spark.read().parquet(output().toString()).collectAsList();
        assertThat(rows)
                .containsAll(before)
                .extracting(row -> row.<String>getAs("row_id"))
                .containsExactlyInAnyOrderElementsOf(Workload.rowIds(input));
        assertThat(preparation().finished(hadoop()).orElseThrow().text()).contains("58 prepared, 2 errors");
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> flaky(OutputFormat.PARQUET).finished(hadoop()))
                .withMessageContaining("--output-format was prepared and is parquet");
    }

    private PrepareJob preparation() throws JobRefusedException {
        GenerateJob job = flaky(OutputFormat.PARQUET);
        return new PrepareJob(
                (InputSelection) job.input(),
                job.output(),
                job.existing(),
                job.inference().preprocessing());
    }

    private static StringWriter run(PrepareJob job) throws Exception {
        StringWriter said = new StringWriter();
        assertThat(job.finished(hadoop())).isEmpty();
        try (OutputLock lock = job.lock(hadoop())) {
            job.run(spark, lock, new PrintWriter(said));
        }
        return said;
    }

    /** Its rows say neither when they ended nor on which executor. */
    @Test
    void goesOnOverRowsOfAVersionThatSaidLessOfThem() throws Exception {
        CountingEngine.script(engine, asked -> asked > 30, asked -> asked % 10 == 0);
        assertThatThrownBy(() -> run(job(OutputFormat.PARQUET, 7, Existing.KEPT)))
                .hasStackTraceContaining("the device is lost");
        forgetWhenAndWhereRowsEnded();
        long before = table().count();
        long failedBefore = table().where("error.code = 'server_error'").count();
        assertThat(failedBefore).isPositive();
        assertThat(rowsThatSayWhenAndWhere()).isZero();

        CountingEngine.script(engine, asked -> false, asked -> asked % 10 == 0);
        run(job(OutputFormat.PARQUET, 7, Existing.KEPT));
        assertThat(rowsThatSayWhenAndWhere()).isEqualTo(LINES - before);

        CountingEngine.script(engine, asked -> false);
        run(job(OutputFormat.PARQUET, 7, Existing.RETRIED));
        assertThat(rowsThatSayWhenAndWhere()).isEqualTo(LINES - before + failedBefore);
        OutputRows.areThoseOf(input, output(), spark);
    }

    private long rowsThatSayWhenAndWhere() throws JobRefusedException {
        return table().where("timing.ended_at IS NOT NULL AND timing.executor IS NOT NULL")
                .count();
    }

    private Dataset<Row> table() throws JobRefusedException {
        return OutputFolder.of(output().toString(), OutputFormat.PARQUET, hadoop())
                .rows(spark);
    }

    /** Writes the files anew, under names that come before those of later ones: Spark takes a table's layout of the first. */
    private void forgetWhenAndWhereRowsEnded() throws IOException {
        Path work = folder.resolve("work");
        for (Path file : rowFiles(output())) {
            String name = file.getFileName().toString();
            spark.read()
                    .parquet(file.toString())
                    .withColumn(
                            "timing",
                            struct(
                                    "timing.fetch_ms",
                                    "timing.decode_ms",
                                    "timing.queue_ms",
                                    "timing.ttft_ms",
                                    "timing.total_ms"))
                    .coalesce(1)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(work.toString());
            Files.move(rowFiles(work).get(0), file.resolveSibling(name.replaceFirst("part-", "part--")));
            Files.delete(file);
            Files.deleteIfExists(file.resolveSibling("." + name + ".crc"));
        }
    }

    private static List<Path> rowFiles(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.filter(file -> PublishedFiles.isOne(file.getFileName().toString()))
                    .toList();
        }
    }

    @Test
    void leavesAFolderAloneThatItDidNotWrite() throws Exception {
        Path theirs = Files.writeString(Files.createDirectories(output()).resolve("notes.txt"), "theirs");
        for (Existing existing : Existing.values()) {
            assertThatExceptionOfType(JobRefusedException.class)
                    .isThrownBy(() -> job(OutputFormat.PARQUET, 7, existing).finished(new Configuration()))
                    .withMessageContaining("is there already and not empty");
        }
        Files.move(theirs, output().resolve("part-00000.parquet"));
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(
                        () -> job(OutputFormat.PARQUET, 7, Existing.OVERWRITTEN).finished(new Configuration()))
                .withMessageContaining("killed while it committed");
        try (Stream<Path> files = Files.list(output())) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void finishesABatchThatWasStoppedBetweenItsTwoFiles() throws Exception {
        CountingEngine.script(engine, asked -> false);
        FlakyFileSystem.follow((step, name) -> failIf(step == Step.BEFORE && name.equals("errors.jsonl")));
        assertThatThrownBy(() -> run(flaky(OutputFormat.OPENAI_BATCH))).hasMessageContaining("flaky");
        assertThat(output().resolve("output.jsonl")).exists();
        assertThat(output().resolve("errors.jsonl")).doesNotExist();

        FlakyFileSystem.follow((step, name) -> {});
        CountingEngine.Script second = CountingEngine.script(engine, asked -> false);
        assertThat(run(flaky(OutputFormat.OPENAI_BATCH)).rows()).isEqualTo(LINES);
        assertThat(second.asked()).isZero();
        assertThat(Files.readAllLines(output().resolve("output.jsonl"))).hasSize(LINES - REPEATED);
        assertThat(Files.readAllLines(output().resolve("errors.jsonl"))).hasSize(REPEATED);
        assertThat(flaky(OutputFormat.OPENAI_BATCH).finished(hadoop())).isPresent();
    }

    /** A store that copies fails at every step of a rename once, for each file. */
    @Test
    void publishesEachFileOnceWhereTheFileSystemFailsBeforeAndAfterTheDeed() throws Exception {
        CountingEngine.script(engine, asked -> false);
        Random random = new Random(7);
        Set<String> failed = ConcurrentHashMap.newKeySet();
        FlakyFileSystem.follow((step, name) -> failIf(
                step.isOfARename() && name.startsWith("part-") && random.nextBoolean() && failed.add(name + step)));
        assertThat(run(flaky(OutputFormat.PARQUET)).rows()).isEqualTo(LINES);
        assertThat(failed).as("steps").hasSizeGreaterThan(4);
        OutputRows.areThoseOf(input, output(), spark);
    }

    /** What such a store leaves that is stopped in the middle of a copy. */
    @Test
    void answersAgainTheRowsOfAFileThatIsNotWhole() throws Exception {
        CountingEngine.script(engine, asked -> false);
        FlakyFileSystem.follow((step, name) -> failIf(step == Step.HALF_COPIED && name.equals("_SUCCESS")));
        assertThatThrownBy(() -> run(flaky(OutputFormat.PARQUET))).hasMessageContaining("flaky");
        FlakyFileSystem.follow((step, name) -> {});
        Path half;
        try (Stream<Path> files = Files.list(output())) {
            half = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
        long answered =
                spark.read().parquet(half.toString()).where("status = 'ok'").count();
        Files.write(half, List.of("half"));
        CountingEngine.Script second = CountingEngine.script(engine, asked -> false);

        assertThat(run(flaky(OutputFormat.PARQUET)).rows()).isEqualTo(LINES);

        assertThat(second.asked()).isEqualTo(answered);
        OutputRows.areThoseOf(input, output(), spark);
    }

    @Test
    void remembersStartsThatWroteNoRowAndThoseThatDidNotFinish() throws Exception {
        CountingEngine.script(engine, asked -> true);
        assertThatThrownBy(() -> run(flaky(OutputFormat.PARQUET))).hasStackTraceContaining("the device is lost");
        CountingEngine.script(engine, asked -> false);
        FlakyFileSystem.follow((step, name) -> failIf(step == Step.BEFORE && name.equals("_SUCCESS")));
        assertThatThrownBy(() -> run(flaky(OutputFormat.PARQUET))).hasMessageContaining("flaky");
        FlakyFileSystem.follow((step, name) -> {});
        run(flaky(OutputFormat.PARQUET));

        assertThat(starts()).extracting(Start::outcome).containsExactly("failed", "failed", "finished");
        assertThat(starts()).extracting(Start::rows).containsExactly(0L, (long) LINES, 0L);
        try (OutputLock lock =
                job(OutputFormat.PARQUET, 7, Existing.OVERWRITTEN).lock(new Configuration())) {
            assertThat(starts()).isEmpty();
        }
    }

    private List<Start> starts() {
        return StartLog.read(new org.apache.hadoop.fs.Path(output().toUri()), new Configuration())
                .starts();
    }

    private static void failIf(boolean now) throws IOException {
        if (now) {
            throw new IOException("flaky");
        }
    }

    private JobSummary run(GenerateJob job)
            throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        assertThat(job.finished(hadoop())).isEmpty();
        return EchoJob.run(job, spark, new StringWriter());
    }

    private GenerateJob job(OutputFormat format, PreprocessingMode mode) throws JobRefusedException {
        return job(output().toString(), format, mode, 7, Existing.KEPT);
    }

    private GenerateJob job(OutputFormat format, long seed, Existing existing) throws JobRefusedException {
        return job(output().toString(), format, PreprocessingMode.FUSED, seed, existing);
    }

    private GenerateJob flaky(Existing existing) throws JobRefusedException {
        return job("flaky:" + output(), OutputFormat.PARQUET, PreprocessingMode.FUSED, 7, existing);
    }

    private GenerateJob flaky(OutputFormat format) throws JobRefusedException {
        return job("flaky:" + output(), format, PreprocessingMode.FUSED, 7, Existing.KEPT);
    }

    private GenerateJob job(String output, OutputFormat format, PreprocessingMode mode, long seed, Existing existing)
            throws JobRefusedException {
        return new GenerateJob(
                new InputSelection(
                        RequestFiles.find(input.toString(), InputFormat.AUTO, new Configuration()),
                        ColumnRoles.NONE,
                        Optional.empty()),
                OutputFolder.of(output, format, hadoop()),
                existing,
                EchoInference.config(new CountingEngine.Source(engine), WebAccess.CLOSED, seed),
                mode);
    }

    private static Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }

    private Path output() {
        return folder.resolve("out of 50%20");
    }

    private static String line(String customId) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}}\n";
    }
}
