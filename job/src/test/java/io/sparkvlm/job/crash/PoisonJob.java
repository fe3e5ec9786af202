package io.sparkvlm.job.crash;

import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.TaskFailures;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** A job on executors of its own, with an engine that some rows harm. Prints how many executors died, and its summary. */
final class PoisonJob {
    static final int IN_FLIGHT = 8;

    private PoisonJob() {}

    /** Master, input, output, how the requests are prepared, and after how many seconds an engine is stuck. */
    public static void main(String[] args) throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PoisonEngine.Source engine = new PoisonEngine.Source(2);
        SparkOptions spark = CommandLine.populateCommand(
                new SparkOptions(),
                "--master=" + args[0],
                "--conf=spark.executor.extraClassPath=" + System.getProperty("java.class.path"),
                "--conf=spark.executor.extraJavaOptions=-XX:-CreateCoredumpOnCrash -XX:+ExitOnOutOfMemoryError"
                        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "--conf=spark.executor.memory=512m",
                "--conf=spark.driver.host=127.0.0.1",
                "--conf=spark.ui.enabled=false",
                "--conf=spark.sql.shuffle.partitions=2",
                "--conf=spark.sql.codegen.wholeStage=false",
                "--conf=spark.sql.codegen.factoryMode=NO_CODEGEN",
                "--conf=spark.sql.files.maxRecordsPerFile=32");
        Configuration hadoop = new Configuration();
        InferenceConfig echo = EchoInference.config(engine, WebAccess.CLOSED, 7);
        GenerateJob job = new GenerateJob(
                new InputSelection(
                        RequestFiles.find(args[1], InputFormat.AUTO, hadoop), ColumnRoles.NONE, Optional.empty()),
                OutputFolder.of(args[2], OutputFormat.PARQUET, hadoop),
                Existing.KEPT,
                new InferenceConfig(
                        echo.preprocessing(),
                        engine,
                        new InFlightLimits(IN_FLIGHT, 1 << 20, Duration.ofSeconds(Long.parseLong(args[4])))),
                PreprocessingMode.valueOf(args[3]));
        AtomicInteger deaths = new AtomicInteger();
        try (OutputLock lock = job.lock(hadoop);
                SparkSession session = spark.openFor(job.inference())) {
            session.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                    out.println("death " + deaths.incrementAndGet() + ": " + removed.reason());
                }
            });
            out.println(TaskFailures.watch(session.sparkContext(), out, () -> job.run(session, lock, out))
                    .text());
            out.println("deaths: " + deaths.get());
        }
        System.exit(0);
    }
}
