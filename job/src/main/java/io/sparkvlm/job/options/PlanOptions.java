package io.sparkvlm.job.options;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what is planned; those of the engine are beside them. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class PlanOptions {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Checkpoint, a folder or Org/Name in the local Hugging Face cache, of which config.json will do;"
                            + " of the published Qwen2-VL models the name alone.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--device-memory",
            converter = GigabytesConverter.class,
            paramLabel = "GB",
            description =
                    "Memory of one device as it is sold, as 80g, which is 80 x 10^9 bytes (default: what is free on"
                            + " this machine with --device=cpu).")
    private Optional<Long> deviceBytes = Optional.empty();

    @Option(
            names = "--row-tokens",
            defaultValue = "2048",
            paramLabel = "TOKENS",
            description = "Prompt and answer of a row together, of which the plan says how many fit at once (default:"
                    + " ${DEFAULT-VALUE}).")
    private int rowTokens;

    @Option(
            names = "--table",
            defaultValue = "false",
            description = "Print a table of the published models on GPUs of 24, 40, 80 and 141 GB instead (default:"
                    + " ${DEFAULT-VALUE}).")
    private boolean table;

    public Optional<String> model() {
        return model;
    }

    public Optional<Long> deviceBytes() {
        return deviceBytes;
    }

    public int rowTokens() {
        return rowTokens;
    }

    public boolean table() {
        return table;
    }
}
