package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.ConfigNode;
import java.io.IOException;
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

    /** Reads an image processor's fields. */
    static PixelNormalization read(ConfigNode processor) throws IOException {
        try {
            return new PixelNormalization(processor.decimals("image_mean"), processor.decimals("image_std"));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(processor.file(), e.getMessage(), e);
        }
    }
}
