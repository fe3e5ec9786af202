package io.sparkvlm.engine.weights;

import java.io.IOException;
import org.bytedeco.pytorch.Tensor;

/** Where weights come from: a checkpoint folder, or, where only time is measured, random numbers. */
public interface WeightSource {
    /**
     * Copies a weight, converted to the destination's type and device.
     *
     * @param name as in the published repositories: {@code model.layers.0…}, {@code visual.blocks.0…}
     * @param destination contiguous, of the shape that the weight must have
     */
    void copyInto(String name, Tensor destination) throws IOException;
}
