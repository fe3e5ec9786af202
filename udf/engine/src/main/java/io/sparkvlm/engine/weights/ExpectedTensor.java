package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.engine.safetensors.StoredTensor;
import io.sparkvlm.engine.safetensors.StoredType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What config.json lets expect of a stored tensor. */
record ExpectedTensor(List<Long> shape, Set<StoredType> types, String typeNames) {
    static ExpectedTensor weight(List<Long> shape) {
        return new ExpectedTensor(shape, Set.of(StoredType.BF16, StoredType.F16, StoredType.F32), "BF16, F16 or F32");
    }

    /** A part of a quantized matrix: scales are numbers, all others integers. */
    static ExpectedTensor packed(String part, List<Long> shape) {
        return part.equals("scales") ? weight(shape) : new ExpectedTensor(shape, Set.of(StoredType.I32), "I32");
    }

    void require(StoredTensor tensor, Path file) throws CheckpointException {
        if (!tensor.shape().equals(shape)) {
            throw new CheckpointException(
                    file,
                    "tensor " + tensor.name() + ": expected shape " + shape + " after config.json, found "
                            + tensor.shape());
        }
        if (!types.contains(tensor.type())) {
            throw new CheckpointException(
                    file, "tensor " + tensor.name() + ": expected " + typeNames + ", found " + tensor.type());
        }
    }
}
