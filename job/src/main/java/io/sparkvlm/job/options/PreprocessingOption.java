package io.sparkvlm.job.options;

import io.sparkvlm.job.run.PreprocessingMode;
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

    public PreprocessingMode mode() {
        return mode;
    }
}
