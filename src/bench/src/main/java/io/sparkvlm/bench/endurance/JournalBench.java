package io.sparkvlm.bench.endurance;

import io.sparkvlm.bench.Checkout;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.commit.RowIds;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what it costs a row that the driver knows which rows are being computed. */
@Command(
        name = "journal",
        description =
                "What a row costs on a fake engine of 0 ms, with the journal of rows in flight and without it, by turns.")
public final class JournalBench implements Callable<Integer> {
    private static final String REQUEST =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"temperature\":0,\"max_tokens\":1}";

    /** By which the tasks of a table that is published know that they have a journal. */
    private static final String PUBLICATION = "sparkvlm.publication";

    private static final double MICROS_A_SECOND = 1e6;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rows", defaultValue = "20000", description = "Of a run (default: ${DEFAULT-VALUE})")
    private int rows;

    @Option(names = "--turns", defaultValue = "7", description = "That are measured (default: ${DEFAULT-VALUE})")
    private int turns;

    private enum Journal {
        NONE,
        /** Messages of tasks to the driver. */
        MESSAGES,
        /** And a file that the driver of local masters keeps, which dies with its rows. */
        MESSAGES_AND_FILE
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path work = Files.createTempDirectory("sparkvlm-journal");
        Map<Journal, DoubleStream.Builder> times = new EnumMap<>(Journal.class);
        SparkSession.Builder generating = LocalSpark.withCoresBuilder(2);
        LocalSpark.GENERATED.forEach(generating::config);
        try (SparkSession spark = generating.getOrCreate()) {
            for (int turn = 0; turn <= turns; turn++) {
                for (Journal journal : Journal.values()) {
                    long start = System.nanoTime();
                    run(journal, spark, work.resolve("table"));
                    double micros = (System.nanoTime() - start) / 1e9 * MICROS_A_SECOND / rows;
                    FileUtils.deleteDirectory(work.toFile());
                    if (turn > 0) { // the first one compiles
                        times.computeIfAbsent(journal, it -> DoubleStream.builder())
                                .add(micros);
                    }
                }
            }
        }
        out.printf("%-18s %31s%n", "journal", "a row, µs: least, median, most");
        times.forEach((journal, micros) -> {
            double[] sorted = micros.build().sorted().toArray();
            out.printf(
                    "%-18s %10.1f %10.1f %10.1f%n",
                    journal.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    sorted[0],
                    sorted[sorted.length / 2],
                    sorted[sorted.length - 1]);
        });
        out.flush();
        return 0;
    }

    private void run(Journal journal, SparkSession spark, Path table) throws IOException, InterruptedException {
        LongAccumulator silenced = spark.sparkContext().longAccumulator();
        Dataset<Row> requests = spark.range(0, rows, 1, 2)
                .selectExpr("'in.jsonl:' || id as " + Columns.ROW_ID, "'" + REQUEST + "' as " + Columns.REQUEST);
        try (PublishingWriter writer = new PublishingWriter(
                new org.apache.hadoop.fs.Path(table.toUri()),
                new org.apache.hadoop.fs.Path(table.resolve("_work").toUri()),
                new RowIds(),
                () -> {},
                journal == Journal.MESSAGES_AND_FILE ? Optional.of(table.resolve("_crashes")) : Optional.empty(),
                spark.sparkContext().hadoopConfiguration())) {
            Dataset<Row> unpublished = writer.unpublished(requests);
            Dataset<Row> asked = journal == Journal.NONE
                    ? unpublished.mapPartitions(new WithoutJournal(silenced), Encoders.row(unpublished.schema()))
                    : unpublished;
            writer.write(VlmStages.answer(asked, config(), InferenceMetrics.register(spark.sparkContext())), Map.of());
            if (writer.rows() != rows || (silenced.value() > 0) != (journal == Journal.NONE)) {
                throw new IllegalStateException("expected " + rows + " rows with the journal " + journal + ", found "
                        + writer.rows() + " and " + silenced.value() + " tasks without it");
            }
        }
    }

    private static InferenceConfig config() {
        InferenceConfig echo = EchoInference.config();
        PreprocessingSettings settings = echo.preprocessing();
        return new InferenceConfig(
                new PreprocessingSettings(
                        Checkout.smallCheckpoint().toAbsolutePath().toString(),
                        settings.config(),
                        settings.roots(),
                        Set.of()),
                echo.engine(),
                echo.inFlight());
    }

    /** Lets a task take its table for one that is not published while it is written, before it has read a row. */
    private record WithoutJournal(LongAccumulator silenced) implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            // One that the tasks of a stage may share.
            if (((TaskContextImpl) TaskContext.get()).getLocalProperties().remove(PUBLICATION) != null) {
                silenced.add(1);
            }
            return rows;
        }
    }
}
