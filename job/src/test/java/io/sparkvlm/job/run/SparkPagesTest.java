package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.EngineMetric;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.DataFrameSource;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.spark.commit.CommitPlugin;
import io.sparkvlm.spark.watch.MetricsPlugin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.metrics.sink.PrometheusServlet;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs jobs of four rows where Spark's settings are those of a cluster, and looks at what it shows of them. */
final class SparkPagesTest {
    private static final int CORES = 8;
    private static final int ROWS = 4;

    /** As docs/how-to/watch-a-job.md shortens names. */
    private static final Pattern METRIC = Pattern.compile(
            "(?m)^metrics_\\w+_plugin_io_sparkvlm_spark_watch_MetricsPlugin_(\\w+)_Value\\{type=\"gauges\"} (\\S+)$");

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void writeTheInput() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < ROWS; row++) { // half of them with the custom_id of another
            lines.append("{\"custom_id\":\"" + row / 2
                    + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                    + "\"temperature\":0,\"max_tokens\":1}}\n");
        }
        input = Files.writeString(folder.resolve("in.jsonl"), lines);
    }

    @Test
    void sayWhatIsDoneInNoMoreTasksThanRowsAndHowFarItIs() throws Exception {
        Seen seen = new Seen();
        try (SparkSession spark = LocalSpark.withCoresBuilder(CORES)
                .config("spark.sql.shuffle.partitions", "200")
                .config("spark.ui.enabled", "true")
                .config("spark.ui.port", "0")
                .config("spark.metrics.conf.*.sink.prometheusServlet.class", PrometheusServlet.class.getName())
                .config("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus")
                .config("spark.plugins", CommitPlugin.class.getName() + "," + MetricsPlugin.class.getName())
                .getOrCreate()) {
            SortedMap<String, Double> before = metrics(spark);
            spark.sparkContext().addSparkListener(seen);
            run(spark, OutputFormat.PARQUET, "fused", PreprocessingMode.FUSED, Repeats.ANSWERED, Existing.KEPT);
            run(spark, OutputFormat.OPENAI_BATCH, "batch", PreprocessingMode.STAGED, Repeats.COPIED, Existing.KEPT);
            run(spark, OutputFormat.PARQUET, "fused", PreprocessingMode.FUSED, Repeats.ANSWERED, Existing.RETRIED);
            prepare(spark);
            Dataset<Row> frame = spark.range(0, 2, 1, 1)
                    .selectExpr(
                            "'{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}'"
                                    + " as request");
            new DataFrameJob(
                            new DataFrameSource(frame, ColumnRoles.NONE),
                            EchoInference.config(),
                            PreprocessingMode.FUSED)
                    .write(output(OutputFormat.PARQUET, "frame"), Repeats.COPIED);
            SortedMap<String, Double> after = metrics(spark);
            // Three jobs of which each has two rows that repeat a custom_id; of one a row is copied. None is left for
            // the fourth. Of a DataFrame one is answered and one is copied.
            assertThat(after.get("rows") - before.get("rows")).isEqualTo(3 * ROWS - 1 + 1);
            assertThat(after.get("copied_rows") - before.get("copied_rows")).isEqualTo(2);
            assertThat(after.get("error_rows") - before.get("error_rows")).isEqualTo(3 * 2);
            assertThat(after.get("error_rows_duplicate_custom_id") - before.get("error_rows_duplicate_custom_id"))
                    .isEqualTo(3 * 2);
            assertThat(after.get("row_completion_tokens") - before.get("row_completion_tokens"))
                    .isEqualTo(2 + 1 + 1);
            assertThat(after.get("sequences")).isGreaterThanOrEqualTo(2 + 1 + 1);
            assertThat(after.keySet())
                    .containsAll(Arrays.stream(EngineMetric.values())
                            .map(EngineMetric::wireName)
                            .toList());
        }
        String[] names = {
            "reading the input",
            "comparing requests",
            "preparing rows",
            "answering 4 rows",
            "answering 3 rows",
            "copying the answers of 1 row",
            "counting the written rows",
            "handing over the written rows",
            "taking out rows to be answered again",
            "reading which rows are written",
            "preparing 4 rows",
            "answering rows"
        };
        assertThat(seen.jobs).containsOnly(names);
        assertThat(seen.stages).containsOnlyKeys(names);
        seen.stages.remove("answering rows"); // of a DataFrame, whose session plans it
        assertThat(seen.stages.values()).allSatisfy(tasks -> assertThat(tasks).isBetween(1, ROWS));
    }

    private void run(
            SparkSession spark,
            OutputFormat format,
            String output,
            PreprocessingMode mode,
            Repeats repeats,
            Existing existing)
            throws Exception {
        GenerateJob job =
                new GenerateJob(selection(), output(format, output), existing, EchoInference.config(), mode, repeats);
        try (OutputLock lock = job.lock(new Configuration())) {
            job.run(spark, lock, new PrintWriter(new StringWriter()));
        }
    }

    /** The job's numbers as a Prometheus reads them, by their short names. */
    private static SortedMap<String, Double> metrics(SparkSession spark) throws Exception {
        URI page = URI.create(spark.sparkContext().uiWebUrl().get() + "/metrics/prometheus/");
        String text = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                .body();
        SortedMap<String, Double> numbers = new TreeMap<>();
        Matcher line = METRIC.matcher(text);
        while (line.find()) {
            numbers.put(line.group(1), Double.parseDouble(line.group(2)));
        }
        return numbers;
    }

    private void prepare(SparkSession spark) throws Exception {
        PrepareJob job = new PrepareJob(
                selection(),
                output(OutputFormat.PARQUET, "prepared"),
                Existing.KEPT,
                EchoInference.config().preprocessing());
        try (OutputLock lock = job.lock(new Configuration())) {
            job.run(spark, lock, new PrintWriter(new StringWriter()));
        }
    }

    private InputSelection selection() throws Exception {
        return new InputSelection(
                RequestFiles.find(input.toString(), InputFormat.AUTO, new Configuration()),
                ColumnRoles.NONE,
                Optional.empty());
    }

    private OutputFolder output(OutputFormat format, String name) throws Exception {
        return OutputFolder.of(folder.resolve(name).toString(), format, new Configuration());
    }

    /** What Spark's pages would show. */
    private static final class Seen extends SparkListener {
        private final Set<String> jobs = new HashSet<>();

        /** The most tasks of a stage, by its name. */
        private final Map<String, Integer> stages = new HashMap<>();

        @Override
        public synchronized void onJobStart(SparkListenerJobStart job) {
            jobs.add(job.properties().getProperty("spark.job.description"));
        }

        @Override
        public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
            stages.merge(stage.stageInfo().name(), stage.stageInfo().numTasks(), Math::max);
        }
    }
}
