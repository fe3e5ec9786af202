package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.IncurableException;
import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.PromptTemplate;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a job while its tasks run is one line. */
final class TaskFailuresTest {
    private static final Path BAD_FILES = Path.of("src/test/resources/io/sparkvlm/job/input/parquet-testing/bad");

    private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"hi\"}]";

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    @Test
    void namesAParquetFileWhosePagesAreDamaged() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            Path file = table(spark);
            byte[] sound = Files.readAllBytes(file);
            for (int fault = 0; fault < 4; fault++) {
                // The one is read by the first look, the other by the job itself.
                long page = firstPage(file, fault % 2 == 0 ? "messages" : "expected");
                Files.write(file, damaged(sound, (int) page, fault));
                assertThatThrownBy(() -> run(spark, folder.resolve("in")))
                        .isInstanceOf(JobRefusedException.class)
                        .message()
                        .startsWith("the input's file " + file + " is damaged: ")
                        .doesNotContain("Exception", "Socket", "org.", "\n");
                assertThat(said.toString()).isEmpty();
                Files.write(file, sound);
            }
        }
    }

    /** Files of apache/parquet-testing and apache/arrow-testing (Apache-2.0), one of each kind of fault. */
    @Test
    void refusesTheBadFilesOfOthersInOneLine() throws Exception {
        ColumnRoles roles =
                new ColumnRoles(List.of(), List.of(), Optional.of(PromptTemplate.parse("hi")), Optional.empty());
        try (SparkSession spark = LocalSpark.withCores(2);
                Stream<Path> files = Files.list(BAD_FILES)) {
            for (Path file : files.sorted().toList()) {
                assertThatThrownBy(() -> run(spark, file, roles))
                        .as(file.toString())
                        .isInstanceOf(JobRefusedException.class)
                        .message()
                        .matches("the input's (Parquet )?file .*"
                                + Pattern.quote(file.getFileName().toString()) + " is (broken|damaged): .*")
                        .doesNotContain("Exception", "org.");
                assertThat(said.toString()).as(file.toString()).isEmpty();
            }
        }
    }

    @Test
    void saysWhatToDoAboutAVariantOfATypeThatSparkLacks() throws Exception {
        ColumnRoles roles =
                new ColumnRoles(List.of(), List.of(), Optional.of(PromptTemplate.parse("hi")), Optional.empty());
        String advice =
                " has a variant with values of a type that Spark has not: leave its column out with --drop-columns";
        Path shredded = BAD_FILES.resolveSibling("variant-with-nanos.parquet");
        Path whole = BAD_FILES.resolveSibling("variant-with-time.parquet"); // seen as its row is written
        try (SparkSession spark = LocalSpark.withCores(1)) {
            assertThatThrownBy(() -> run(spark, shredded, roles))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageContaining("variant-with-nanos.parquet" + advice);
            assertThatThrownBy(() -> run(spark, whole, roles))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageContaining("the input" + advice);
        }
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void namesAPackedFileThatBreaksOff() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            Random random = new Random(1); // what does not pack, so that the file breaks behind what is looked at first
            for (int line = 0; line < 4000; line++) {
                packed.write(("{\"n\": " + random.nextLong() + "}\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Path file = Files.write(folder.resolve("in.jsonl.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() - 100));
        try (SparkSession spark = LocalSpark.withCores(1)) {
            assertThatThrownBy(() -> run(spark, file))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessageStartingWith("the input's file " + file + " is damaged: ")
                    .hasMessageContaining("end of input");
        }
    }

    @Test
    void saysALineOfATaskThatFailedOtherwise() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            assertThatThrownBy(
                            () -> TaskFailures.watch(spark.sparkContext(), new PrintWriter(said, true), () -> spark.sql(
                                            "select raise_error('the disk is full') from range(1)")
                                    .collectAsList()))
                    .isNotInstanceOf(JobRefusedException.class);
        }
        assertThat(said.toString().lines()).isNotEmpty().allSatisfy(line -> assertThat(line)
                .startsWith("sparkvlm: a task failed: ")
                .contains("the disk is full"));
    }

    @Test
    void doesNotWatchTheJobsThatASessionHasAfterwards() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            assertThat(TaskFailures.watchMeanwhile(
                            spark.sparkContext(), new PrintWriter(said, true), () -> spark.range(3)
                                    .count()))
                    .isEqualTo(3);
            assertThatThrownBy(() -> spark.sql("select raise_error('its user looks for it') from range(1)")
                            .collectAsList())
                    .hasMessageContaining("its user looks for it");
        }
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void leavesTheSessionsOtherJobsAloneAndIsLeftAloneByTheirs() throws Exception {
        try (SparkSession spark = LocalSpark.withCores(2)) {
            Path gate = folder.resolve("gate");
            String path = gate.toString();
            FutureTask<Long> others = new FutureTask<>(() -> {
                assertThatThrownBy(() -> spark.sql("select raise_error('none of your business') from range(1)")
                                .collectAsList())
                        .hasMessageContaining("none of your business");
                return spark.range(0, 1, 1, 1)
                        .filter((FilterFunction<Long>) row -> {
                            while (!Files.exists(Path.of(path))) {
                                Thread.sleep(10);
                            }
                            return true;
                        })
                        .count();
            });
            Thread thread = new Thread(others, "others");
            thread.start();
            assertThatThrownBy(() -> TaskFailures.watchMeanwhile(
                            spark.sparkContext(), new PrintWriter(said, true), () -> spark.range(0, 1, 1, 1)
                                    .map(
                                            (MapFunction<Long, String>) row -> {
                                                throw new IncurableException("expected a checkpoint, found none");
                                            },
                                            Encoders.STRING())
                                    .collectAsList()))
                    .isInstanceOf(JobRefusedException.class);
            Files.createFile(gate);
            assertThat(others.get()).isEqualTo(1);
        }
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void refusesAJobWhoseCheckpointNoAttemptCanRead() throws IOException {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            assertThatThrownBy(() -> watched(spark, row -> {
                        throw new EngineException(
                                "the engine failed",
                                new IncurableException("expected config.json in /models, found none"));
                    }))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessage("expected config.json in /models, found none");
        }
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void stopsAJobForWhichThereIsNoRoom() throws IOException {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            assertThatThrownBy(() -> watched(spark, row -> {
                        throw new IllegalStateException(new IOException("No space left on device"));
                    }))
                    .isInstanceOf(JobStoppedException.class)
                    .hasMessage("the disk is full: No space left on device; make room, and start the same command"
                            + " again to go on");
        }
        assertThat(said.toString()).isEmpty();
    }

    private void watched(SparkSession spark, MapFunction<Long, String> row) throws Exception {
        TaskFailures.watch(spark.sparkContext(), new PrintWriter(said, true), () -> spark.range(1)
                .map(row, Encoders.STRING())
                .collectAsList());
    }

    /** A header that is none, one that promises too much, values that are none, a page that is all zero. */
    private static byte[] damaged(byte[] sound, int page, int fault) {
        byte[] bytes = sound.clone();
        switch (fault) {
            case 0 -> Arrays.fill(bytes, page, page + 8, (byte) 0xff);
            case 1 -> Arrays.fill(bytes, page + 3, page + 8, (byte) 0x7f);
            case 2 -> Arrays.fill(bytes, page + 30, page + 60, (byte) 0x81);
            default -> Arrays.fill(bytes, page, page + 60, (byte) 0);
        }
        return bytes;
    }

    private Path table(SparkSession spark) throws IOException {
        Path table = folder.resolve("in");
        spark.range(300)
                .selectExpr(
                        "'" + MESSAGES + "' as messages",
                        "cast(id as string) || repeat('x', 20) as expected",
                        "id as text")
                .coalesce(1)
                .write()
                .option("parquet.enable.dictionary", false)
                .option("compression", "snappy")
                .parquet(table.toString());
        try (Stream<Path> files = Files.list(table)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                if (file.getFileName().toString().endsWith(".crc")) {
                    Files.delete(file); // it would tell what is to be found without it
                }
            }
            return all.stream()
                    .filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long firstPage(Path file, String column) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
            return reader.getFooter().getBlocks().get(0).getColumns().stream()
                    .filter(chunk -> chunk.getPath().toDotString().equals(column))
                    .mapToLong(ColumnChunkMetaData::getStartingPos)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void run(SparkSession spark, Path input) throws Exception {
        run(spark, input, ColumnRoles.NONE);
    }

    private void run(SparkSession spark, Path input, ColumnRoles roles) throws Exception {
        GenerateJob job = EchoJob.of(input, roles, folder.resolve("out"));
        TaskFailures.watch(spark.sparkContext(), new PrintWriter(said, true), () -> EchoJob.run(job, spark, said));
    }
}
