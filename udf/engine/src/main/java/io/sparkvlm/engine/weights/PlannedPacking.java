package io.sparkvlm.engine.weights;

import io.sparkvlm.torch.quantization.PackedMatrix;
import io.sparkvlm.torch.quantization.PackedMatrix.Zeros;
import io.sparkvlm.torch.quantization.Packing;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a model's matrices were quantized before they were published, so far as it decides how much memory they take.
 *
 * @param isPacked whether the matrix of a layer is quantized
 * @param isInOrder whether it stays so: one whose inputs are ordered by act order is turned back
 */
public record PlannedPacking(Packing packing, Zeros zeros, Predicate<String> isPacked, Predicate<String> isInOrder) {
    /** The layers that packages quantize where nothing else is said: those of the language model. */
    static final Predicate<String> LAYERS = layer -> layer.startsWith("model.layers.");

    /** All of the language model's layers, their inputs in the order of the model. */
    public static PlannedPacking ofAllLayers(Packing packing, Zeros zeros) {
        return new PlannedPacking(packing, zeros, LAYERS, layer -> true);
    }

    /** The matrix of a layer, without numbers; empty where it is kept as they are, or turned back to them. */
    Optional<PackedMatrix> matrix(String layer, long outputs, long inputs) {
        return isPacked.test(layer) && isInOrder.test(layer)
                ? Optional.of(PackedMatrix.withoutMemory(packing, zeros, outputs, inputs))
                : Optional.empty();
    }
}
