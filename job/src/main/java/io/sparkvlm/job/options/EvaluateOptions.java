package io.sparkvlm.job.options;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which table is scored, and by which groups. */
public final class EvaluateOptions {
    @Parameters(arity = "1", paramLabel = "OUTPUT", description = "A folder that generate wrote.")
    private String output;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns by whose values the scores are listed, too.")
    private List<String> by = List.of();

    public String output() {
        return output;
    }

    public ScoringOptions scoring() {
        return scoring;
    }

    public List<String> by() {
        return by;
    }
}
