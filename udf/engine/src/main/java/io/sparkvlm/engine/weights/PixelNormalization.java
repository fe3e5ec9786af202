package io.sparkvlm.engine.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How pixel values become the vision tower's: (value / 255 - mean) / std, for each of red, green and blue.
 *
 * @param mean of values scaled to 0..1
 * @param std of values scaled to 0..1
 */
public record PixelNormalization(List<Double> mean, List<Double> std) {
    public PixelNormalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3 || std.stream().anyMatch(value -> !(value > 0))) {
            throw new IllegalArgumentException(
                    "expected image_mean and image_std of three channels, the latter above 0," + " found " + mean
                            + " and " + std);
        }
    }

    /** From preprocessor_config.json, as published, or processor_config.json, as transformers 5 writes it. */
    static PixelNormalization read(CheckpointFolder folder) throws IOException {
        boolean published = folder.has("preprocessor_config.json");
        Path file = folder.file(published ? "preprocessor_config.json" : "processor_config.json");
        ConfigNode root = new ConfigNode(file, "", JsonFile.read(file));
        ConfigNode processor = published ? root : root.child("image_processor");
        try {
            return new PixelNormalization(processor.decimals("image_mean"), processor.decimals("image_std"));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage(), e);
        }
    }
}
