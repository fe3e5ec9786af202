package io.sparkvlm.engine.weights;

import io.sparkvlm.api.PatchGeometry;
import java.util.Objects;

/**
 * The dimensions of the vision tower.
 *
 * @param depth blocks
 * @param width vision_config.embed_dim
 * @param mlpWidth width x vision_config.mlp_ratio
 * @param outputSize vision_config.hidden_size: what the merger hands to the language model
 */
public record VisionConfig(
        int depth, int width, int heads, int mlpWidth, int outputSize, double ropeTheta, PatchGeometry geometry) {
    public VisionConfig {
        Objects.requireNonNull(geometry, "geometry");
        if (depth < 1 || width < 1 || heads < 1 || mlpWidth < 1 || outputSize < 1 || !(ropeTheta > 0)) {
            throw new IllegalArgumentException("expected vision dimensions of at least 1, found depth " + depth
                    + ", width " + width + ", heads " + heads + ", MLP width " + mlpWidth + ", output " + outputSize
                    + ", theta " + ropeTheta);
        }
        // A quarter of a head turns with the row, a quarter with the column, each twice.
        if (width % heads != 0 || width / heads % 4 != 0) {
            throw new IllegalArgumentException(
                    "expected vision heads of a size divisible by 4, found width " + width + " in " + heads + " heads");
        }
    }

    public int headSize() {
        return width / heads;
    }
}
