package io.sparkvlm.job.options.answers;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The options that say which two tables are compared. */
public final class CompareOptions {
    @Parameters(index = "0", paramLabel = "FIRST", description = "A folder that generate wrote.")
    private String first;

    @Parameters(
            index = "1",
            paramLabel = "SECOND",
            description = "Another with answers to the same questions: of another model, or with other settings.")
    private String second;

    @Mixin
    private ScoringOptions scoring;

    public String first() {
        return first;
    }

    public String second() {
        return second;
    }

    public ScoringOptions scoring() {
        return scoring;
    }
}
