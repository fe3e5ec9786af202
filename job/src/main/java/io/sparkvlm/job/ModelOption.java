package io.sparkvlm.job;

import picocli.CommandLine.Option;

/** The option that names the checkpoint. */
final class ModelOption {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "Checkpoint: a folder, or Org/Name in the local Hugging Face cache.")
    private String model;

    String model() {
        return model;
    }
}
