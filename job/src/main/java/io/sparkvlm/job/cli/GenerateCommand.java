package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.EngineOptions;
import io.sparkvlm.job.options.InferenceOptions;
import io.sparkvlm.job.options.InputOptions;
import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.OutputOptions;
import io.sparkvlm.job.options.PreprocessingOption;
import io.sparkvlm.job.options.RequestOptions;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code generate}: answers requests. Everything that can be refused is refused before Spark starts. */
@Command(
        name = "generate",
        description = "Answers a table of OpenAI chat requests and writes the completions as Parquet.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private InputOptions input;

    @Mixin
    private OutputOptions output;

    @Mixin
    private PreprocessingOption preprocessing;

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
        double maxErrorFraction = output.maxErrorFraction();
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(spark.conf());
        GenerateJob job = new GenerateJob(
                input.selection(hadoop),
                output.folder(hadoop),
                new InferenceOptions(model.model(), engine, requests).config(hadoop),
                preprocessing.mode());
        JobSummary summary;
        try (SparkSession session = spark.openFor(job.inference().engine())) {
            summary = job.run(session, spec.commandLine().getErr());
        }
        spec.commandLine().getOut().println(summary.text());
        return (summary.errorFraction() > maxErrorFraction ? ExitCode.TOO_MANY_ERRORS : ExitCode.DONE).code();
    }
}
