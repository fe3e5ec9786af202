package io.sparkvlm.job.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.CountingEngine;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.TableSelection;
import io.sparkvlm.job.input.TableSelection.Kind;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.run.DryRun;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Requests from tables of Delta and Iceberg, and answers to them, with the libraries themselves. */
final class LakeTablesTest {
    private static final int ROWS = 60;

    private static SparkSession spark;

    @TempDir
    private static Path lake;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        SparkConf conf = new SparkConf(false);
        TableLibrary.addTo(conf);
        spark = LocalSpark.withCoresBuilder(2)
                .config(conf)
                .config(
                        "spark.sql.warehouse.dir",
                        lake.resolve("warehouse").toUri().toString())
                .config("spark.databricks.delta.snapshotPartitions", "1")
                .config("spark.sql.catalog.ice", "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.ice.type", "hadoop")
                .config("spark.sql.catalog.ice.warehouse", lake.resolve("ice").toString())
                .getOrCreate();
        spark.conf().set("spark.sql.files.maxRecordsPerFile", 5);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void readsTheVersionOfADeltaTableThatItBeganWithAndCommitsToIcebergOnce(TestInfo test) throws Exception {
        Path table = lake.resolve("requests");
        requests(0, ROWS)
                .withColumn("Provider", functions.lit("a column")) // as DESCRIBE calls the table's library, too
                .write()
                .format("delta")
                .save(table.toString());
        String name = TableLibrary.deltaTable(table.toString());
        spark.sql("DELETE FROM " + name + " WHERE number = 7");
        GenerateJob job = job(test, Kind.TABLE, name + " -- of today", Optional.of("number"), "ice.db.answers");
        CountingEngine.script(test.getDisplayName(), asked -> asked > ROWS / 2);
        assertThatThrownBy(() -> run(job)).hasStackTraceContaining("the device is lost");
        long before = answers().count();
        assertThat(before).isPositive();
        assertThat(spark.table("ice.db.answers").count()).isZero();
        requests(ROWS, ROWS + 3).write().format("delta").mode("append").save(table.toString());
        spark.sql("UPDATE " + name + " SET custom_id = 'other' WHERE number = 8");
        assertThat(new DryRun(job, 0, OptionalDouble.empty(), Instant.now())
                        .run(spark, new PrintWriter(new StringWriter()))
                        .findings()
                        .rows())
                .isEqualTo(ROWS - 1);

        CountingEngine.Script second = CountingEngine.script(test.getDisplayName(), asked -> false);
        JobSummary summary = run(job);

        assertThat(summary.rows()).isEqualTo(ROWS - 1);
        assertThat(second.asked()).isEqualTo(Math.toIntExact(ROWS - 1 - before));
        assertThat(spark.table("ice.db.answers")
                        .select("row_id", "custom_id", "number")
                        .distinct()
                        .count())
                .isEqualTo(ROWS - 1);
        assertThat(spark.table("ice.db.answers")
                        .where("custom_id = 'id-' || number and row_id = number")
                        .count())
                .as("rows of the first version")
                .isEqualTo(ROWS - 1);
        assertThat(job.finished(hadoop())).isPresent();
        Files.delete(output().resolve("_SUCCESS")); // as if it was killed before it could say so
        run(job);
        assertThat(spark.table("ice.db.answers").count()).isEqualTo(ROWS - 1);
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> RequestFiles.find(table.toString(), InputFormat.AUTO, hadoop()))
                .withMessageContaining("it is a table of Delta");
        String found = TableLibrary.deltaTable(
                RequestFiles.deltaFolder(table.toString(), hadoop()).orElseThrow());
        assertThat(spark.table(found).count()).isEqualTo(ROWS - 1 + 3);
        spark.sql("CREATE TABLE parted USING delta PARTITIONED BY (number) AS SELECT number % 2 AS number, body FROM "
                + name);
        Path parted = lake.resolve("warehouse/parted");
        for (String part : List.of("number=1", "number=1/*.parquet")) {
            assertThatExceptionOfType(JobRefusedException.class)
                    .isThrownBy(() -> RequestFiles.find(parted.resolve(part).toString(), InputFormat.AUTO, hadoop()))
                    .withMessageContaining("it lies in file:" + parted + ", a table of Delta")
                    .withMessageContaining("--input-query \"SELECT * FROM delta.`" + parted + "` WHERE");
        }
        Files.delete(output().resolve("_SUCCESS"));
        Path record = output().resolve("_sparkvlm.json");
        String whole = Files.readString(record);
        Files.delete(output().resolve("._sparkvlm.json.crc"));
        Files.writeString(record, withoutTheTablesId(whole)); // as a version that did not keep it
        assertThat(run(job).rows()).isEqualTo(ROWS - 1);
        assertThat(second.asked()).isEqualTo(Math.toIntExact(ROWS - 1 - before));
        Files.writeString(record, whole);
        Files.delete(output().resolve("_SUCCESS"));
        FileUtils.deleteDirectory(table.toFile());
        requests(0, ROWS).write().format("delta").save(table.toString());
        spark.sql("DELETE FROM " + name + " WHERE number = 7"); // the number of the version is there again
        assertRefused(job, "was made anew or replaced since the first start: its id was ");
    }

    @Test
    void readsIcebergByAQueryAndCommitsToDeltaOnce(TestInfo test) throws Exception {
        requests(0, 12).writeTo("ice.db.requests").create();
        String answers = TableLibrary.deltaTable(lake.resolve("answers").toString());
        CountingEngine.Script script = CountingEngine.script(test.getDisplayName(), asked -> false);
        String query = "SELECT custom_id, body FROM ice.db.requests WHERE number < 10";
        GenerateJob job = job(test, Kind.QUERY, query, Optional.empty(), answers);

        run(job);
        Files.delete(output().resolve("_SUCCESS"));
        run(job);

        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(
                        () -> RequestFiles.find(lake.resolve("ice/db/requests").toString(), InputFormat.AUTO, hadoop()))
                .withMessageContaining("it is a table of Iceberg");
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> RequestFiles.find(
                        lake.resolve("ice/d*/requests/data/*").toString(), InputFormat.AUTO, hadoop()))
                .withMessageContaining("ice/db/requests, a table of Iceberg, some of whose files");
        assertThat(script.asked()).isEqualTo(10);
        assertThat(spark.table(answers).select("custom_id").distinct().count()).isEqualTo(10);
        assertThat(spark.table(answers).count()).isEqualTo(10);
        GenerateJob other = job(test, Kind.QUERY, query + " AND number > 1", Optional.empty(), answers);
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> other.finished(hadoop()))
                .withMessageContaining("--input-query was " + query + " and is ");
        GenerateJob again = job(test, Kind.TABLE, "ice.db.requests", Optional.empty(), answers);
        Files.move(output(), folder.resolve("moved"));
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> run(again))
                .withMessageContaining("found number as no column");
    }

    /** A replaced table of Iceberg keeps its id and the versions that it had; one that is dropped and made anew has neither. */
    @Test
    void goesOnWithTheVersionOfAnIcebergTableThatWasReplacedMeanwhile(TestInfo test) throws Exception {
        requests(0, ROWS).writeTo("ice.db.replaced").create();
        GenerateJob job = job(test, Kind.TABLE, "ice.db.replaced", Optional.of("number"), "ice.db.of_replaced");
        CountingEngine.script(test.getDisplayName(), asked -> asked > ROWS / 2);
        assertThatThrownBy(() -> run(job)).hasStackTraceContaining("the device is lost");
        requests(ROWS, ROWS + 3).writeTo("ice.db.replaced").createOrReplace();
        assertThat(spark.table("ice.db.replaced").count()).isEqualTo(3);
        CountingEngine.script(test.getDisplayName(), asked -> false);

        assertThat(run(job).rows()).isEqualTo(ROWS);

        assertThat(spark.table("ice.db.of_replaced")
                        .where("custom_id = 'id-' || number and number < " + ROWS)
                        .select("row_id")
                        .distinct()
                        .count())
                .isEqualTo(ROWS);
        Files.delete(output().resolve("_SUCCESS"));
        spark.sql("DROP TABLE ice.db.replaced PURGE");
        requests(0, ROWS).writeTo("ice.db.replaced").create();
        assertRefused(job, "was made anew or replaced since the first start: its id was ");
    }

    /** Rows are named by what they hold: others are other rows, be it by a microsecond. */
    @Test
    void refusesToGoOnWithAQueryThatReturnsOtherRows(TestInfo test) throws Exception {
        String time = "timestamp'2026-01-01 00:00:00.000001'";
        for (String later : new String[] {"", "interval 1 microsecond"}) {
            requests(0, 20)
                    .withColumn("time", functions.expr(later.isEmpty() ? time : time + " + " + later))
                    .write()
                    .mode("overwrite")
                    .saveAsTable("changing");
            GenerateJob job = job(test, Kind.QUERY, "SELECT * FROM changing", Optional.empty(), "ice.db.changing");
            if (later.isEmpty()) {
                CountingEngine.script(test.getDisplayName(), asked -> asked > 10);
                assertThatThrownBy(() -> run(job)).hasStackTraceContaining("the device is lost");
                assertThat(answers().count()).isPositive();
            } else {
                assertRefused(job, "rows that are answered are not in the input any more");
            }
        }
    }

    @Test
    void commitsOnceToATableOfTheCurrentCatalogThatIsNamedAlone(TestInfo test) throws Exception {
        CountingEngine.script(test.getDisplayName(), asked -> false);
        requests(0, 5).writeTo("ice.alone.requests").create();
        spark.catalog().setCurrentCatalog("ice");
        spark.catalog().setCurrentDatabase("alone");
        try {
            GenerateJob job = job(test, Kind.TABLE, "requests", Optional.empty(), "answers");
            run(job);
            Files.delete(output().resolve("_SUCCESS"));
            run(job);
            assertThat(spark.table("ice.alone.answers").count()).isEqualTo(5);
            Files.delete(output().resolve("_SUCCESS"));
            spark.sql("DROP TABLE requests PURGE");
            requests(0, 5).writeTo("ice.alone.requests").create();
            assertRefused(job, "the input table requests was made anew or replaced since the first start: its id was ");
        } finally {
            spark.catalog().setCurrentCatalog("spark_catalog");
        }
    }

    @Test
    void refusesInOneLineWhatCannotBeDone(TestInfo test) throws Exception {
        CountingEngine.script(test.getDisplayName(), asked -> false);
        requests(0, 2)
                .withColumn("number", functions.lit(1))
                .writeTo("ice.db.alike")
                .create();
        requests(0, 2).write().format("parquet").saveAsTable("plain");
        assertRefused(
                job(test, Kind.TABLE, "SELECT * FROM ice.db.alike", Optional.empty(), "ice.db.x"),
                "expected the name of a table as --input-table, as db.requests or delta.`/folder`, found SELECT * FROM"
                        + " ice.db.alike: --input-query takes queries");
        assertRefused(job(test, Kind.TABLE, "ice.db.none", Optional.empty(), "ice.db.x"), "ice.db.none cannot be read");
        assertRefused(
                job(test, Kind.TABLE, "ice.db.alike", Optional.of("number"), "ice.db.x"),
                "expected a value of its own in each row of the column number, found 1 in 2");
        assertRefused(
                job(test, Kind.TABLE, "ice.db.alike", Optional.of("nothing"), "ice.db.x"),
                "expected the column nothing of --row-id-column, found ");
        assertRefused(
                job(
                        test,
                        Kind.QUERY,
                        "SELECT *, cast(custom_id AS BINARY) AS bytes FROM ice.db.alike",
                        Optional.of("bytes"),
                        "ice.db.x"),
                "expected a column of numbers or texts for --row-id-column, found binary in bytes");
        assertRefused(
                job(
                        test,
                        Kind.QUERY,
                        "SELECT *, custom_id AS Row_ID FROM ice.db.alike",
                        Optional.of("custom_id"),
                        "ice.db.x"),
                "the table has a column row_id beside custom_id");
        assertRefused(
                job(test, Kind.TABLE, "ice.db.alike", Optional.empty(), "plain"),
                "expected a table of Delta Lake or Iceberg as the --output-table, found plain");
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThatExceptionOfType(JobRefusedException.class)
                    .isThrownBy(() -> TableLibrary.requireFor("delta.`/a`"))
                    .withMessageContaining("add --packages io.delta:delta-spark_4.1_2.13:4.1.0 to spark-submit");
            assertThat(TableLibrary.missing(
                            new IllegalStateException(
                                    "Cannot find catalog plugin class for catalog 'ice': org.apache.iceberg.spark.SparkCatalog"),
                            "ice.db.t"))
                    .hasValueSatisfying(refusal -> assertThat(refusal)
                            .hasMessageContaining("add --packages org.apache.iceberg:iceberg-spark"));
        } finally {
            Thread.currentThread().setContextClassLoader(own);
        }
        assertThat(TableLibrary.missing(new IllegalStateException("org.apache.iceberg"), "t"))
                .isEmpty();
    }

    private static String withoutTheTablesId(String record) throws IOException {
        ObjectNode whole = (ObjectNode) new ObjectMapper().readTree(record);
        assertThat(whole.withObject("/input").remove("table-id")).isNotNull();
        return whole.toString();
    }

    private static void assertRefused(GenerateJob job, String why) {
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> run(job))
                .withMessageContaining(why);
    }

    private static JobSummary run(GenerateJob job) throws Exception {
        assertThat(job.finished(hadoop())).isEmpty();
        try (OutputLock lock = job.lock(hadoop())) {
            return job.run(spark, lock, new PrintWriter(new StringWriter()));
        }
    }

    private GenerateJob job(TestInfo test, Kind kind, String input, Optional<String> rowId, String table)
            throws JobRefusedException {
        return new GenerateJob(
                new TableSelection(kind, input, rowId, ColumnRoles.NONE, Optional.empty()),
                OutputFolder.of(output().toString(), OutputFormat.PARQUET, hadoop())
                        .committedTo(new CommittedTable(table)),
                Existing.KEPT,
                EchoInference.config(new CountingEngine.Source(test.getDisplayName()), WebAccess.CLOSED, 7),
                PreprocessingMode.FUSED);
    }

    private Dataset<Row> answers() {
        return spark.read().parquet(output().toString());
    }

    private Path output() {
        return folder.resolve("out");
    }

    private static Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }

    private static Dataset<Row> requests(int from, int to) {
        return spark.range(from, to)
                .selectExpr(
                        "id as number",
                        "'id-' || id as custom_id",
                        "'{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}' as body");
    }
}
