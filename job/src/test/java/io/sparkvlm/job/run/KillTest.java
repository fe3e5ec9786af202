package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.FlakyFileSystem.Step;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.output.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs in processes that are killed, and started again until they end. */
final class KillTest {
    private static final int ROWS = 600;
    /** Rows of which a task fetches the media before they are asked for. */
    private static final int FETCHED_AHEAD = 32;

    private static final Path PICTURE = Path.of("../preprocessing/src/test/resources/images/exif-1.jpg");

    @TempDir
    private Path folder;

    private CountedPictures pictures;
    private Path input;

    @BeforeEach
    void requests() throws IOException {
        pictures = new CountedPictures(PICTURE);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            lines.append(
                            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"")
                    .append(pictures.url(i))
                    .append("\"}},{\"type\":\"text\",\"text\":\"hi\"}]}],\"temperature\":0,\"max_tokens\":1}\n");
        }
        input = Files.writeString(folder.resolve("in.jsonl"), lines);
    }

    @AfterEach
    void close() {
        pictures.close();
    }

    @Test
    void answersEachRowOnceHoweverOftenItIsKilledAndLetsNoOtherJobIn() throws Exception {
        killAndFinish(1);
    }

    @Tag("long")
    @RepeatedTest(10)
    void answersEachRowOnceTenTimes() throws Exception {
        killAndFinish(2);
    }

    private void killAndFinish(int times) throws Exception {
        Random random = new Random();
        stopsInOneLine();
        int published = publishedFiles();
        for (int kills = 1; kills <= times; kills++) {
            published += 1 + random.nextInt(12);
            Process job = job(output().toString(), OutputFormat.PARQUET);
            try {
                while (publishedFiles() < published) {
                    assertThat(job.isAlive())
                            .as("before so many files are published")
                            .isTrue();
                    Thread.sleep(1);
                }
                if (kills == times) {
                    assertThat(said(job(output().toString(), OutputFormat.PARQUET)))
                            .last()
                            .asString()
                            .startsWith(
                                    "refused: the output " + output() + " is being written by process " + job.pid());
                }
            } finally {
                job.destroyForcibly().waitFor();
            }
            published = publishedFiles();
        }
        assertThat(said(job(output().toString(), OutputFormat.PARQUET)))
                .anyMatch(line -> line.contains(ROWS + " answered, 0 errors"));
        areAllAnswered(times);
        assertThat(said(job(output().toString(), OutputFormat.PARQUET))).containsExactly("finished");
    }

    /** At SIGTERM, having published what its tasks had begun. */
    private void stopsInOneLine() throws Exception {
        pictures.serveSlowly();
        Process job = job(output().toString(), OutputFormat.PARQUET);
        try {
            while (publishedFiles() == 0 && job.isAlive()) {
                Thread.sleep(1);
            }
            job.toHandle().destroy(); // the process's own would close what it prints
            assertThat(said(job))
                    .last()
                    .asString()
                    .matches("stopped with \\d+ of 600 rows answered: start the same .*");
            assertThat(job.exitValue()).isEqualTo(1);
        } finally {
            job.destroyForcibly().waitFor();
            pictures.serveAtOnce();
        }
    }

    /** In the middle of what a file system does, also where it copies: nothing is half there after the next start. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "PARQUET, BEFORE, _sparkvlm.json",
        "PARQUET, HALF_COPIED, _sparkvlm.json",
        "PARQUET, DONE, _sparkvlm.json",
        "PARQUET, BEFORE, part-",
        "PARQUET, HALF_COPIED, part-",
        "PARQUET, COPIED, part-",
        "PARQUET, DONE, part-",
        "PARQUET, BEFORE, _SUCCESS",
        "PARQUET, HALF_COPIED, _SUCCESS",
        "PARQUET, COPIED, _SUCCESS",
        "PARQUET, DONE, _SUCCESS",
        "OPENAI_BATCH, BEFORE, output.jsonl",
        "OPENAI_BATCH, HALF_COPIED, output.jsonl",
        "OPENAI_BATCH, DONE, output.jsonl",
        "OPENAI_BATCH, COPIED, errors.jsonl",
        "OPENAI_BATCH, DONE, _SUCCESS"
    })
    void goesOnWhereverARenameWasCutOff(OutputFormat format, Step step, String file) throws Exception {
        String output = "flaky:" + output();
        Process killed = job(output, format, step.name(), file);
        said(killed);
        assertThat(killed.exitValue()).isEqualTo(137);
        assertThat(said(job(output, format)))
                .anyMatch(line -> line.equals("finished") || line.contains(ROWS + " answered, 0 errors"));
        if (format == OutputFormat.PARQUET) {
            areAllAnswered(1);
        } else {
            assertThat(Files.readAllLines(output().resolve("output.jsonl"))).hasSize(ROWS);
            assertThat(output().resolve("errors.jsonl")).isEmptyFile();
        }
    }

    private void areAllAnswered(int kills) throws IOException {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            OutputRows.areThoseOf(input, output(), spark);
        }
        int aTask = 2 * KilledJob.ROWS_PER_FILE + KilledJob.IN_FLIGHT + FETCHED_AHEAD;
        assertThat(pictures.served() - ROWS).as("rows begun again").isBetween(0, kills * KilledJob.CORES * aTask);
    }

    private Process job(String output, OutputFormat format, String... killedAt) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                KilledJob.class.getName(),
                input.toString(),
                output,
                format.name()));
        command.addAll(List.of(killedAt));
        return new ProcessBuilder(command)
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    /** What a process prints until it ends. */
    private static List<String> said(Process job) throws InterruptedException {
        List<String> lines = job.inputReader().lines().toList();
        job.waitFor();
        return lines;
    }

    private int publishedFiles() throws IOException {
        if (Files.notExists(output())) {
            return 0;
        }
        try (Stream<Path> files = Files.list(output())) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }

    private Path output() {
        return folder.resolve("out");
    }
}
