package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.MaxModelLenOption;
import io.sparkvlm.job.options.PreparedOutputOption;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.run.PrepareJob;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code prepare}: writes requests with their media decoded and resized as a table that {@code generate} takes, any
 * number of times.
 */
@Command(
        name = "prepare",
        customSynopsis = "sparkvlm prepare --model=MODEL --input=PATH --output=FOLDER [OPTIONS]",
        description = "Judges requests, fetches, decodes and resizes their media, and keeps the result as a Parquet"
                + " table that generate takes as its input. Needs the model's tokenizer, not its weights.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PrepareCommand extends JobCommand {
    @Mixin
    private PreparedOutputOption output;

    @Mixin
    private MaxModelLenOption context;

    @Override
    public Integer call() throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        Configuration hadoop = hadoop();
        PrepareJob job = new PrepareJob(
                input(hadoop), output.folder(hadoop), requests().settings(model(), context.maxModelLen(), hadoop));
        try (OutputLock lock = job.output().lockUnused(hadoop)) {
            print(run(job::run, spark().open()).text());
        }
        return ExitCode.DONE.code();
    }
}
