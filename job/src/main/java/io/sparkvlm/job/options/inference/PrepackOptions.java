package io.sparkvlm.job.options.inference;

import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.torch.quantization.Quantization;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say how a checkpoint is prepacked, and where to. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class PrepackOptions {
    @Option(
            names = "--output",
            required = true,
            paramLabel = "FOLDER",
            description = "Folder that the prepacked checkpoint is written to; there must be none yet.")
    private Path output;

    @Option(
            names = {"--quantization", "-q"},
            defaultValue = "none",
            converter = EngineOptions.QuantizationConverter.class,
            paramLabel = "KIND",
            description =
                    "Round the language model's weights once for all: none, a16w8, a16w4 or a8w8, as generate does"
                            + " (default: ${DEFAULT-VALUE}).")
    private Quantization quantization;

    public Path output() {
        return output;
    }

    public Quantization quantization() {
        return quantization;
    }
}
