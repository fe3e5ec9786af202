package io.sparkvlm.engine.safetensors;

import io.sparkvlm.torch.quantization.PackedMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of a weight's rows or columns.
 *
 * @param dimension 0 for rows, which are outputs; 1 for columns, which are inputs
 */
public record WeightPart(int dimension, long from, long count) {
    public WeightPart {
        if (dimension < 0 || dimension > 1 || from < 0 || count < 1) {
            throw new IllegalArgumentException(
                    "expected rows or columns, found " + count + " from " + from + " on, of dimension " + dimension);
        }
    }

    /** This part of a matrix that was published quantized. */
    public PackedMatrix of(PackedMatrix matrix) {
        return dimension == 0 ? matrix.outputs(from, count) : matrix.inputs(from, count);
    }

    /** The shape of this part of a weight. */
    public List<Long> of(List<Long> shape) {
        List<Long> own = new ArrayList<>(shape);
        own.set(dimension, count);
        return List.copyOf(own);
    }
}
