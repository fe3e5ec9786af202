package io.sparkvlm.torch.quantization;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/**
 * What a model's matrices are rounded to when they are loaded; the names are those of {@code --quantization}: a is for the
 * bits of activations, w for those of weights.
 */
public enum Quantization {
    /** Weights stay as they are. */
    NONE,
    /** Weights of 8 bits with a scale for each output. */
    A16W8,
    /** Weights of 4 bits with a scale and a zero for each group of inputs. */
    A16W4,
    /** As {@link #A16W8}, multiplied in integers with rows that are rounded to 8 bits by a scale each. */
    A8W8;

    /**
     * Reads a name in any case.
     *
     * @throws IllegalArgumentException naming what can be chosen
     */
    public static Quantization parse(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected quantization "
                        + Arrays.stream(values()).map(Quantization::wireName).collect(Collectors.joining(", "))
                        + ", found \"" + name + "\""));
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What the output head is rounded to. Logits are the answer: 8 bits of weights and no rounding of rows change them least,
     * for half of what the head costs.
     */
    public Quantization ofOutputHead() {
        return this == NONE ? NONE : A16W8;
    }

    /** The matrix, [outputs, inputs], rounded. */
    QuantizedMatrix rounded(Tensor weight) {
        return switch (this) {
            case NONE -> throw new IllegalStateException("expected a quantization, found none");
            case A16W8, A8W8 -> MatrixRounding.symmetric(weight);
            case A16W4 -> MatrixRounding.inGroups(weight);
        };
    }
}
