package io.sparkvlm.engine.safetensors;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The element types of the safetensors format that libtorch reads as they are; the names are the format's. Those packed
 * below a byte are left out: no Qwen2-VL checkpoint has them.
 */
public enum StoredType {
    BOOL(ScalarType.Bool, 1),
    U8(ScalarType.Byte, 1),
    I8(ScalarType.Char, 1),
    I16(ScalarType.Short, 2),
    I32(ScalarType.Int, 4),
    I64(ScalarType.Long, 8),
    F16(ScalarType.Half, 2),
    BF16(ScalarType.BFloat16, 2),
    F32(ScalarType.Float, 4),
    F64(ScalarType.Double, 8);

    private final ScalarType scalarType;
    private final int bytes;

    StoredType(ScalarType scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /**
     * That of tensors of a type.
     *
     * @throws IllegalArgumentException if the format has none
     */
    static StoredType of(ScalarType type) {
        return Arrays.stream(values())
                .filter(stored -> stored.scalarType == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected a type that safetensors has, found " + type));
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    int bytes() {
        return bytes;
    }
}
