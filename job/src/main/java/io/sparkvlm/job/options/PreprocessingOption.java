package io.sparkvlm.job.options;

import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.settings.AnswerSource;
import picocli.CommandLine.Option;

/** The option that says in which tasks media are decoded and resized. */
@HelpGroup.Of(HelpGroup.SPARK)
public final class PreprocessingOption {
    @Option(
            names = "--preprocessing",
            defaultValue = "fused",
            paramLabel = "PLACE",
            description = "Where media are decoded and resized: fused (in the tasks that generate, while the engine"
                    + " works) or staged (in a stage of its own, whose rows are exchanged so that tasks cost the same)"
                    + " (default: ${DEFAULT-VALUE}).")
    private PreprocessingMode mode;

    /**
     * The place, where the engine can have it.
     *
     * @param engine that the rows go to; servers take no pictures that are resized
     */
    public PreprocessingMode mode(AnswerSource engine) throws JobRefusedException {
        if (mode == PreprocessingMode.STAGED && engine.isRemote()) {
            throw new JobRefusedException(
                    "expected --preprocessing=fused with --engine=openai, found staged: servers decode pictures themselves");
        }
        return mode;
    }
}
