package io.sparkvlm.job.options;

import picocli.CommandLine.Option;

/** The option that names the checkpoint. */
@HelpGroup.Of(HelpGroup.MODEL_AND_ENGINE)
public final class ModelOption {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "Checkpoint: a folder, or Org/Name in the local Hugging Face cache.")
    private String model;

    public String model() {
        return model;
    }
}
