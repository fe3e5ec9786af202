package io.sparkvlm.job;

import io.sparkvlm.spark.EngineSettings;
import io.sparkvlm.spark.InFlightLimits;
import io.sparkvlm.spark.InferenceConfig;
import io.sparkvlm.spark.ModelFolder;
import io.sparkvlm.spark.PreprocessingSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code generate}: requests to completions. Everything that can be refused is refused before Spark starts. */
@Command(
        name = "generate",
        description = "Answers a table of OpenAI chat requests and writes the completions as Parquet.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
    /** Patches and text of the rows that one task has in the engine: with two tasks, a quarter of a heap of 2 GB. */
    private static final long IN_FLIGHT_BYTES = 256L << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TableOptions tables;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private RequestOptions requests;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException, InterruptedException {
        double maxErrorFraction = tables.maxErrorFraction();
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(spark.conf());
        GenerateJob job = new GenerateJob(tables.input(hadoop), tables.output(hadoop), inference(), tables.limitRows());
        JobSummary summary;
        try (SparkSession session = spark.open()) {
            summary = job.run(session, spec.commandLine().getErr());
        }
        spec.commandLine().getOut().println(summary.text());
        return (summary.errorFraction() > maxErrorFraction ? ExitCode.TOO_MANY_ERRORS : ExitCode.DONE).code();
    }

    private InferenceConfig inference() throws JobRefusedException {
        try {
            String model = ModelFolder.ofThisMachine().portableName(engine.model());
            PreprocessingSettings preprocessing = requests.settings(model, engine);
            // Judged here, in one line, and not by the first task that takes it.
            preprocessing.open().close();
            EngineSettings settings = engine.settings(model);
            settings.requireReadableCheckpoint();
            return new InferenceConfig(
                    preprocessing,
                    settings,
                    // One task alone can fill the engine, when the others have ended.
                    new InFlightLimits(engine.maxNumSeqs(), IN_FLIGHT_BYTES));
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }
}
