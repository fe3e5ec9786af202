package io.sparkvlm.engine.safetensors;

import java.util.List;

/**
 * Where a tensor lies in its file, and what it is.
 *
 * @param offset of its first byte, from the start of the file
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, long offset, long bytes) {
    public StoredTensor {
        shape = List.copyOf(shape);
        long elements = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("expected a shape without negative sizes, found " + shape);
            }
            elements = Math.multiplyExact(elements, size);
        }
        if (bytes != Math.multiplyExact(elements, (long) type.bytes())) {
            throw new IllegalArgumentException(
                    "expected as many bytes as " + type + " " + shape + " takes, found " + bytes);
        }
    }

    long end() {
        return offset + bytes;
    }
}
