package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.InputOptions;
import io.sparkvlm.job.options.MaxModelLenOption;
import io.sparkvlm.job.options.ModelOption;
import io.sparkvlm.job.options.RequestOptions;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.run.PrepareJob;
import io.sparkvlm.job.run.PrepareSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.ModelFolder;
import io.sparkvlm.spark.settings.PreprocessingSettings;
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

/**
 * {@code prepare}: writes requests with their media decoded and resized as a table that {@code generate} takes, any
 * number of times.
 */
@Command(
        name = "prepare",
        description = "Judges requests, fetches, decodes and resizes their media, and keeps the result as a Parquet"
                + " table that generate takes as its input. Needs the model's tokenizer, not its weights.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PrepareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private InputOptions input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FOLDER",
            description = "The prepared table: a folder that is not there yet, or empty.")
    private String output;

    @Mixin
    private ModelOption model;

    @Mixin
    private MaxModelLenOption context;

    @Mixin
    private RequestOptions requests;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException, InterruptedException {
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(spark.conf());
        PrepareJob job = new PrepareJob(
                input.selection(hadoop), OutputFolder.unused(output, OutputFormat.PARQUET, hadoop), settings(hadoop));
        PrepareSummary summary;
        try (SparkSession session = spark.open()) {
            summary = job.run(session, spec.commandLine().getErr());
        }
        spec.commandLine().getOut().println(summary.text());
        return ExitCode.DONE.code();
    }

    private PreprocessingSettings settings(Configuration hadoop) throws JobRefusedException {
        try {
            PreprocessingSettings settings = requests.settings(
                    model.model(),
                    ModelFolder.ofThisMachine().portableName(model.model()),
                    context.maxModelLen(),
                    hadoop);
            // Opened once here, so that a mistake is one line and not the end of the first task.
            settings.open().close();
            return settings;
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException(e.getMessage(), e);
        }
    }
}
