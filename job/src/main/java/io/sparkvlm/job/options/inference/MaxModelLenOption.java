package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.spark.settings.EngineSettings;
import picocli.CommandLine.Option;

/** The option that bounds a prompt and its answer, for commands that prepare and for those that generate. */
@HelpGroup.Of(HelpGroup.MODEL_AND_ENGINE)
public final class MaxModelLenOption {
    @Option(
            names = "--max-model-len",
            defaultValue = EngineSettings.AUTO,
            converter = TokenCount.OrAuto.class,
            paramLabel = "TOKENS",
            description =
                    "Longest prompt and answer together, as 8192, 8k or 8K, or auto: what the checkpoint allows (default:"
                            + " ${DEFAULT-VALUE}).")
    private String maxModelLen;

    public String maxModelLen() {
        return maxModelLen;
    }
}
