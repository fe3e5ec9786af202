package io.sparkvlm.torch.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.torch.linear.PrepackedMatrix.Part;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What native code reads is held against the shape of the matrix before. */
class PrepackedMatrixTest {
    private static final long OUTPUTS = 100; // two panels of 64, four of 32
    private static final long INPUTS = 256;

    private static final Map<String, Part> NUMBERS =
            Map.of("packed", new Part(ScalarType.Byte, List.of(128 * INPUTS * 2)));
    private static final Map<String, Part> CODES_4 = Map.of(
            "packed", new Part(ScalarType.Byte, List.of(128 * INPUTS / 2)),
            "scales", new Part(ScalarType.Float, List.of(4L, 2L, 32L)),
            "zeros", new Part(ScalarType.Short, List.of(4L, 2L, 32L)));
    private static final Map<String, Part> PRODUCTS = Map.of(
            "packed", new Part(ScalarType.Byte, List.of(128 * INPUTS)),
            "scales", new Part(ScalarType.Float, List.of(4L, 1L, 32L)),
            "sums", new Part(ScalarType.Int, List.of(4L, 1L, 32L)),
            "bias", new Part(ScalarType.Float, List.of(4L, 1L, 32L)));

    @Test
    void theKindIsToldByTheParts() {
        assertThat(PrepackedMatrix.shape(OUTPUTS, INPUTS, false, NUMBERS).layout())
                .isEqualTo(Layout.NUMBERS_16);
        assertThat(PrepackedMatrix.shape(OUTPUTS, INPUTS, false, CODES_4).layout())
                .isEqualTo(Layout.CODES_4);
        assertThat(PrepackedMatrix.shape(OUTPUTS, INPUTS, false, CODES_4).group())
                .isEqualTo(128);
        assertThat(PrepackedMatrix.shape(OUTPUTS, INPUTS, true, PRODUCTS).layout())
                .isEqualTo(Layout.PRODUCTS_8);
    }

    static List<Arguments> wrong() {
        return List.of(
                with(NUMBERS, parts -> parts.put("packed", new Part(ScalarType.Byte, List.of(128 * INPUTS * 2 - 64)))),
                with(NUMBERS, parts -> parts.put("packed", new Part(ScalarType.Char, List.of(128 * INPUTS * 2)))),
                with(NUMBERS, parts -> parts.put("zeros", CODES_4.get("zeros"))),
                with(NUMBERS, parts -> parts.put("sums", PRODUCTS.get("sums"))),
                with(NUMBERS, parts -> parts.put("bias", new Part(ScalarType.Float, List.of(OUTPUTS)))),
                with(CODES_4, parts -> parts.put("scales", new Part(ScalarType.Float, List.of(4L, 0L, 32L)))),
                with(CODES_4, parts -> parts.put("scales", new Part(ScalarType.Float, List.of(4L, 3L, 32L)))),
                with(CODES_4, parts -> parts.put("scales", new Part(ScalarType.Float, List.of(4L, 64L, 32L)))),
                with(CODES_4, parts -> parts.put("scales", new Part(ScalarType.Float, List.of(256L)))),
                with(CODES_4, parts -> parts.put("zeros", new Part(ScalarType.Short, List.of(4L, 1L, 32L)))),
                with(CODES_4, parts -> parts.put("sums", PRODUCTS.get("sums"))),
                with(CODES_4, parts -> parts.remove("scales")),
                with(PRODUCTS, parts -> parts.remove("bias")),
                with(PRODUCTS, parts -> parts.put("zeros", new Part(ScalarType.Short, List.of(4L, 1L, 32L)))),
                with(PRODUCTS, parts -> parts.put("sums", new Part(ScalarType.Int, List.of(4L, 32L)))));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void otherPartsAreRefused(boolean hasBias, Map<String, Part> parts) {
        assertThatThrownBy(() -> PrepackedMatrix.shape(OUTPUTS, INPUTS, hasBias, parts))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sizesThatNoMemoryHasAreRefused() {
        Map<String, Part> none = Map.of("packed", new Part(ScalarType.Byte, List.of(0L)));
        assertThatThrownBy(() -> PrepackedMatrix.shape(1L << 32, 1L << 31, false, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("its sizes are too large");
        assertThatThrownBy(() -> PrepackedMatrix.shape(OUTPUTS, 255, false, NUMBERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 255 in 1 groups");
    }

    private static Arguments with(Map<String, Part> parts, Consumer<Map<String, Part>> change) {
        Map<String, Part> changed = new HashMap<>(parts);
        change.accept(changed);
        return Arguments.of(parts == PRODUCTS, changed);
    }
}
