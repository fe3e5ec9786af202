package io.sparkvlm.job;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code generate}: requests to completions. Everything that can be refused is refused before Spark starts. */
@Command(
        name = "generate",
        description = "Answers a table of OpenAI chat requests and writes the completions as Parquet.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TableOptions tables;

    @Option(
            names = "--preprocessing",
            defaultValue = "fused",
            paramLabel = "PLACE",
            description = "Where media are decoded and resized: fused (in the tasks that generate, while the engine"
                    + " works) or staged (in a stage of its own, whose rows are exchanged so that tasks cost the same)"
                    + " (default: ${DEFAULT-VALUE}).")
    private PreprocessingPlace preprocessing;

    @Mixin
    private ModelOption model;

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
        GenerateJob job = new GenerateJob(
                tables.input(hadoop),
                tables.output(hadoop),
                new InferenceOptions(model.model(), engine, requests).config(hadoop),
                preprocessing,
                tables.limitRows());
        JobSummary summary;
        try (SparkSession session = spark.open()) {
            summary = job.run(session, spec.commandLine().getErr());
        }
        spec.commandLine().getOut().println(summary.text());
        return (summary.errorFraction() > maxErrorFraction ? ExitCode.TOO_MANY_ERRORS : ExitCode.DONE).code();
    }
}
