package io.sparkvlm.job.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.PrepareJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.spark.commit.CommitPlugin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.MutableURLClassLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks Spark RAPIDS, in its mode that explains and computes nothing on a GPU, which nodes of the job's plans it would take.
 * docs/how-to/rapids.md has the list with the reasons.
 */
@Tag("rapids")
final class RapidsPlansTest {
    private static final String SCAN = "FileSourceScanExec";
    /** A function in Java over rows, and what makes rows for it and of them: the engine's stage, and the scan for ids. */
    private static final Set<String> JAVA_FUNCTION =
            Set.of("DeserializeToObjectExec", "MapPartitionsExec", "SerializeFromObjectExec");

    private static final Set<String> PREPARED = with(JAVA_FUNCTION, "AQEShuffleReadExec");
    /** The ids that repeat are kept for the join that marks them, and a row's id is made by a function in Java. */
    private static final Set<String> REQUESTS =
            with(PREPARED, "InMemoryTableScanExec", "TableCacheQueryStageExec", "ProjectExec");

    private static final Set<String> LINES = with(REQUESTS, "RDDScanExec");
    private static final Set<String> TABLE = with(REQUESTS, SCAN);
    private static final Set<String> WRITE =
            Set.of("DataWritingCommandExec", "InsertIntoHadoopFsRelationCommand", "WriteFilesExec");

    private static SparkSession spark;
    private static ClassLoader usual;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        usual = Thread.currentThread().getContextClassLoader();
        // The plugin adds the classes for this Spark to its class loader, as spark-submit's lets it.
        Thread.currentThread().setContextClassLoader(new MutableURLClassLoader(new URL[0], usual));
        SparkSession.Builder builder = LocalSpark.withCoresBuilder(2);
        LocalSpark.GENERATED.forEach(builder::config); // the plans of jobs that are no tests
        spark = builder.config("spark.plugins", "com.nvidia.spark.SQLPlugin," + CommitPlugin.class.getName())
                .config("spark.rapids.sql.mode", "explainOnly")
                .config("spark.rapids.sql.explain", "ALL")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
        Thread.currentThread().setContextClassLoader(usual);
    }

    @Test
    void answersLines() throws Exception {
        int before = Explanations.length();
        generate(lines());
        assertThat(assertWritesOnTheGpu(before).left()).isSubsetOf(LINES);
    }

    @Test
    void answersATableOfRequests() throws Exception {
        Path table = folder.resolve("requests");
        spark.read()
                .json(lines().toString())
                .where("messages is not null")
                .write()
                .parquet(table.toString());
        int before = Explanations.length();
        generate(table);
        assertThat(assertWritesOnTheGpu(before).left()).isSubsetOf(TABLE);
    }

    @Test
    void preparesAndAnswersWhatIsPrepared() throws Exception {
        PrepareJob prepare = new PrepareJob(
                selection(lines()),
                output("prepared"),
                OutputStart.Existing.KEPT,
                EchoInference.config().preprocessing());
        int before = Explanations.length();
        try (OutputLock lock = prepare.lock(new Configuration())) {
            prepare.run(spark, lock, new PrintWriter(Writer.nullWriter()));
        }
        assertThat(assertWritesOnTheGpu(before).left()).isSubsetOf(LINES);

        before = Explanations.length();
        generate(folder.resolve("prepared"));
        Explanations explained = assertWritesOnTheGpu(before);
        assertThat(explained.taken()).contains(SCAN);
        assertThat(explained.left()).isSubsetOf(PREPARED);
    }

    private static Explanations assertWritesOnTheGpu(int before) throws IOException {
        Explanations explained = Explanations.since(before);
        assertThat(explained.taken()).containsAll(WRITE);
        assertThat(explained.left()).containsAll(JAVA_FUNCTION).doesNotContainAnyElementsOf(WRITE);
        return explained;
    }

    private static Set<String> with(Set<String> some, String... others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(List.of(others));
        return all;
    }

    private Path lines() throws Exception {
        return Files.writeString(
                folder.resolve("in.jsonl"),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}\n{}\n");
    }

    private void generate(Path input) throws Exception {
        GenerateJob job = new GenerateJob(
                selection(input),
                output("out"),
                OutputStart.Existing.KEPT,
                EchoInference.config(),
                PreprocessingMode.FUSED);
        try (OutputLock lock = job.lock(new Configuration())) {
            job.run(spark, lock, new PrintWriter(Writer.nullWriter()));
        }
    }

    private static InputSelection selection(Path input) throws Exception {
        return new InputSelection(
                RequestFiles.find(input.toString(), InputFormat.AUTO, new Configuration()),
                ColumnRoles.NONE,
                Optional.empty());
    }

    private OutputFolder output(String name) throws Exception {
        return OutputFolder.of(folder.resolve(name).toString(), OutputFormat.PARQUET, new Configuration());
    }
}
