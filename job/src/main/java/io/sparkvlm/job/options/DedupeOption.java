package io.sparkvlm.job.options;

import io.sparkvlm.job.run.Repeats;
import picocli.CommandLine.Option;

/** The option that says whether equal requests are answered once. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class DedupeOption {
    @Option(
            names = "--dedupe",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Answer requests that are equal once, and copy the answer, where they are greedy (temperature"
                    + " 0) or bring a seed.")
    private boolean dedupe;

    public Repeats repeats() {
        return dedupe ? Repeats.COPIED : Repeats.ANSWERED;
    }
}
