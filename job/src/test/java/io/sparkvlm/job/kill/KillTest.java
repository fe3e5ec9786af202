package io.sparkvlm.job.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.output.OutputFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code src/bench/run kills}. */
final class KillTest {
    private static final int ROWS = 600;

    @TempDir
    private Path folder;

    private Workload load;

    @BeforeEach
    void requests() throws IOException {
        load = Workload.of(ROWS, folder, Path.of(".."));
    }

    @AfterEach
    void close() {
        load.close();
    }

    @Test
    void answersEachRowOnceHoweverOftenItIsKilledAndLetsNoOtherJobIn() throws Exception {
        Trial trial;
        try (SparkSession spark = LocalSpark.withCores(1)) {
            Path undisturbed = folder.resolve("undisturbed");
            EchoJob.run(KilledJob.undisturbed(load.input(), undisturbed), spark, new StringWriter());
            Map<String, String> expected = OutputCheck.contents(undisturbed.toString(), OutputFormat.PARQUET, spark);
            assertThat(expected).hasSize(ROWS);
            trial = new Trial(load, command("out"), expected, folder.resolve("log"));

            stopsWhileItPrepares(trial);
            stopsAtItsDeadlineAndLetsNoOtherIn(trial, 1);
            Random random = new Random();
            assertThat(trial.killAfter(1 + random.nextInt(12))).isTrue();
            assertThat(trial.killAfter(1 + random.nextInt(12))).isTrue();
            assertThat(said(trial)).anyMatch(line -> line.contains(ROWS + " answered, 0 errors"));
            assertThat(KilledJob.undisturbed(load.input(), folder.resolve("out"))
                            .finished(new Configuration()))
                    .isPresent();

            Trial.Result result = trial.result(spark);
            assertThat(result.check()).isEqualTo(new OutputCheck(0, 0, 0, 0));
            assertThat(result.begunAgain())
                    .as("rows")
                    .isBetween(0, result.kills() * KilledJob.CORES * KilledJob.MOST_BEGUN_AGAIN);
        }
    }

    /** At SIGTERM, in one line. */
    private void stopsWhileItPrepares(Trial trial) throws Exception {
        load.pictures().delay(row -> 200);
        try (JobProcess job = trial.start("preprocessing=STAGED")) {
            assertThat(job.await(() -> load.pictures().served() > 0)).isTrue();
            trial.countKill();
            job.terminate();
            hasStopped(job, "0");
        } finally {
            load.pictures().delay(row -> 0);
        }
    }

    /** As at SIGTERM, having published what its tasks had begun. */
    private void stopsAtItsDeadlineAndLetsNoOtherIn(Trial trial, int files) throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        int before = load.pictures().served();
        load.pictures().delay(row -> {
            awaitNoLongerThanAPictureMayTake(refused);
            return 200;
        });
        try (JobProcess job = trial.start("deadline=" + files)) {
            trial.countKill();
            assertThat(job.await(() -> load.pictures().served() > before))
                    .as("it is the first")
                    .isTrue();
            assertThat(said(trial))
                    .last()
                    .asString()
                    .startsWith("refused: the output " + trial.command().output() + " is being written by process "
                            + job.process().pid());
            refused.countDown();
            hasStopped(job, "\\d+");
        } finally {
            load.pictures().delay(row -> 0);
        }
        assertThat(trial.publishedFiles()).isGreaterThanOrEqualTo(files);
    }

    private static void awaitNoLongerThanAPictureMayTake(CountDownLatch latch) {
        try {
            latch.await(50, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hasStopped(JobProcess job, String rows) throws Exception {
        assertThat(job.said())
                .last()
                .asString()
                .matches("stopped with " + rows + " of 600 rows written: start the same .*");
        assertThat(job.exitCode()).isEqualTo(1);
    }

    private static List<String> said(Trial trial) throws Exception {
        try (JobProcess job = trial.start()) {
            return job.said();
        }
    }

    private JobCommand command(String output) {
        return new JobCommand(
                Path.of("").toAbsolutePath(),
                load.input(),
                folder.resolve(output).toString(),
                OutputFormat.PARQUET,
                List.of());
    }
}
