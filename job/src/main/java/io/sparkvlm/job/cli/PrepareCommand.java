package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.DeadlineOption;
import io.sparkvlm.job.options.PreparedOutputOption;
import io.sparkvlm.job.options.inference.MaxModelLenOption;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.run.PrepareJob;
import io.sparkvlm.job.run.StopSignals;
import io.sparkvlm.job.run.summary.PrepareSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import java.io.IOException;
import java.util.Optional;
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

    @Mixin
    private DeadlineOption deadline;

    @Override
    public Integer call() throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        Configuration hadoop = spark().hadoop();
        PrepareJob job = new PrepareJob(
                input(hadoop),
                output.folder(hadoop),
                output.existing(),
                requests().settings(model(), context.maxModelLen(), PreprocessingConfig.ONE_CHOICE, hadoop));
        Optional<PrepareSummary> finished = job.finished(hadoop);
        print((finished.isPresent() ? finished.get() : run(job, hadoop)).text());
        return ExitCode.DONE.code();
    }

    private PrepareSummary run(PrepareJob job, Configuration hadoop)
            throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        try (OutputLock lock = job.lock(hadoop);
                StopSignals.Running running = StopSignals.at(deadline.moment())) {
            return run((session, progressTo) -> job.run(session, lock, progressTo), spark().open());
        }
    }
}
