package io.sparkvlm.torch;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element types that a model can be computed in; the names are those of {@code --dtype}. */
public enum DType {
    FLOAT32(ScalarType.Float, 4),
    BFLOAT16(ScalarType.BFloat16, 2);

    private final ScalarType scalarType;
    private final int bytes;

    DType(ScalarType scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /**
     * Reads a name in any case.
     *
     * @throws IllegalArgumentException naming what can be chosen
     */
    public static DType parse(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("expected dtype float32 or bfloat16, found \"" + name + "\""));
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    public int bytes() {
        return bytes;
    }
}
