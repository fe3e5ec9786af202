package io.sparkvlm.engine.weights;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.linear.PrepackedMatrix;
import io.sparkvlm.torch.quantization.PackedMatrix;
import java.io.IOException;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Where weights come from: a checkpoint folder, or, where only time is measured, random numbers. */
public interface WeightSource {
    /** Between the names of layers whose matrices are stacked. */
    String AND = "+";

    /**
     * Copies a weight, converted to the destination's type and device.
     *
     * @param name as in the published repositories: {@code model.layers.0…}, {@code visual.blocks.0…}
     * @param destination contiguous, of the shape that the weight must have
     */
    void copyInto(String name, Tensor destination) throws IOException;

    /**
     * A linear layer's matrix that was published quantized, for the caller's scope; empty where {@code name.weight} is
     * stored.
     */
    default Optional<PackedMatrix> packed(String name) throws IOException {
        return Optional.empty();
    }

    /**
     * A matrix where it lies in its file, which processes of a host share as pages; empty where the file has it in another
     * type, or there is no file.
     *
     * @param resident what of Java must live as long as the matrix is kept there
     */
    default Optional<Tensor> mapped(String name, DType dtype, ResidentTensors resident) throws IOException {
        return Optional.empty();
    }

    /**
     * A matrix that was stored in the order in which the project's kernels read it; empty where it is stored in the order of its
     * inputs.
     *
     * @param name its layer's, or those of the layers whose outputs it stacks, joined by {@link #AND}
     * @param resident what of Java must live as long as the matrix is kept there
     */
    default Optional<PrepackedMatrix> prepacked(String name, ResidentTensors resident) throws IOException {
        return Optional.empty();
    }

    /** Told of each matrix that was brought into the kernels' order; its name is as that of {@link #prepacked}. */
    default void isPrepacked(String name, PrepackedMatrix matrix) {}
}
