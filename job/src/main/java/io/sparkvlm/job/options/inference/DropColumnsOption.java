package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import java.util.Set;
import picocli.CommandLine.Option;

/** The option that leaves columns of the input out of the output. */
@HelpGroup.Of(HelpGroup.OUTPUT)
final class DropColumnsOption {
    @Option(
            names = "--drop-columns",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of the input that the output has not, as pictures; requests may name them"
                    + " nevertheless.")
    private Set<String> dropped = Set.of();

    Set<String> dropped() {
        return dropped;
    }
}
