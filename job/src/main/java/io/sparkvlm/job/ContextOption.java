package io.sparkvlm.job;

import io.sparkvlm.spark.EngineSettings;
import picocli.CommandLine.Option;

/** The option that bounds a prompt and its answer: who prepares asks for it as well as who answers. */
final class ContextOption {
    @Option(
            names = "--max-model-len",
            defaultValue = EngineSettings.AUTO,
            paramLabel = "TOKENS",
            description = "Longest prompt and answer together, or auto: what the checkpoint allows (default:"
                    + " ${DEFAULT-VALUE}).")
    private String maxModelLen;

    String maxModelLen() {
        return maxModelLen;
    }
}
