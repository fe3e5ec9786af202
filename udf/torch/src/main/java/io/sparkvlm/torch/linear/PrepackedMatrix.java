package io.sparkvlm.torch.linear;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import io.sparkvlm.torch.natives.LinearKernels.Matrix;
import io.sparkvlm.torch.natives.LinearKernels.Shape;
import io.sparkvlm.torch.natives.LinearKernels.Weights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A weight matrix in the order in which the project's own kernels read it, as linears.h has it: the same for each of their sets of
 * instructions.
 *
 * @param packed uint8, {@link Shape#packedBytes}
 * @param scales of codes, float32, [panels, groups, {@link LinearKernels#PANEL}]; empty for numbers
 * @param zeros of codes, int16, as the scales; empty if all are 0
 * @param sums of each output's codes where rows are rounded, int32, [panels, 1, panel]
 * @param bias float32, [outputs] of numbers, [panels, 1, panel] of codes
 */
public record PrepackedMatrix(
        Shape shape,
        Tensor packed,
        Optional<Tensor> scales,
        Optional<Tensor> zeros,
        Optional<Tensor> sums,
        Optional<Tensor> bias) {
    /** What the part that every matrix has is called among {@link #parts}. */
    public static final String PACKED = "packed";

    private static final String SCALES = "scales";
    private static final String ZEROS = "zeros";
    private static final String SUMS = "sums";
    private static final String BIAS = "bias";

    /** Names of what a matrix may consist of. */
    public static final List<String> PARTS = List.of(PACKED, SCALES, ZEROS, SUMS, BIAS);

    private static final int ALIGNMENT = 64; // linears.h

    /** Of which type and sizes a part is. */
    public record Part(ScalarType type, List<Long> sizes) {
        static Part of(Tensor tensor) {
            return new Part(
                    tensor.scalar_type().intern(),
                    LongStream.range(0, tensor.dim()).map(tensor::size).boxed().toList());
        }
    }

    /**
     * A matrix of what {@link #parts} gave.
     *
     * @throws IllegalArgumentException if they are not those of a matrix of so many outputs and inputs
     */
    public static PrepackedMatrix of(long outputs, long inputs, boolean hasBias, Map<String, Tensor> parts) {
        Map<String, Part> found = new HashMap<>();
        parts.forEach((name, tensor) -> found.put(name, Part.of(tensor)));
        Shape shape = shape(outputs, inputs, hasBias, found);
        Tensor packed = parts.get(PACKED);
        if (address(packed) % ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "expected " + PACKED + " at a multiple of " + ALIGNMENT + " bytes, found another place");
        }
        return new PrepackedMatrix(
                shape,
                packed,
                Optional.ofNullable(parts.get(SCALES)),
                Optional.ofNullable(parts.get(ZEROS)),
                Optional.ofNullable(parts.get(SUMS)),
                Optional.ofNullable(parts.get(BIAS)));
    }

    /**
     * The shape of a matrix that consists of such parts. Needs no libtorch.
     *
     * @throws IllegalArgumentException if no matrix of so many outputs and inputs does
     */
    public static Shape shape(long outputs, long inputs, boolean hasBias, Map<String, Part> parts) {
        try {
            Shape shape = new Shape(layout(parts, outputs, inputs), outputs, inputs, inputs / groups(parts));
            requireParts(shape, hasBias, parts);
            return shape;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("its sizes are too large", e);
        }
    }

    private static void requireParts(Shape shape, boolean hasBias, Map<String, Part> parts) {
        boolean areCodes = shape.layout() != Layout.NUMBERS_16;
        boolean areMultiplied = shape.layout() == Layout.PRODUCTS_8;
        long groups = groups(parts);
        boolean areGrouped = areCodes
                ? shape.inputs() % groups == 0 && LinearKernels.takesGroups(shape.group(), shape.inputs())
                : shape.inputs() % 2 == 0;
        if (!areGrouped || (areMultiplied && groups > 1)) {
            throw new IllegalArgumentException("expected inputs that kernels take together, found " + shape.inputs()
                    + " in " + groups + " groups");
        }
        if (((!areCodes || areMultiplied) && parts.containsKey(ZEROS)) || (!areCodes && parts.containsKey(SUMS))) {
            throw new IllegalArgumentException("expected the parts of one kind of matrix, found " + parts.keySet());
        }
        if (parts.containsKey(BIAS) != hasBias) {
            throw new IllegalArgumentException(hasBias ? "expected a bias, found none" : "expected no bias, found one");
        }
        long panels = shape.paddedOutputs() / LinearKernels.PANEL;
        require(parts, PACKED, ScalarType.Byte, shape.packedBytes());
        require(parts, SCALES, ScalarType.Float, panels, groups, (long) LinearKernels.PANEL);
        require(parts, ZEROS, ScalarType.Short, panels, groups, (long) LinearKernels.PANEL);
        require(parts, SUMS, ScalarType.Int, panels, 1L, (long) LinearKernels.PANEL);
        if (areCodes) {
            require(parts, BIAS, ScalarType.Float, panels, 1L, (long) LinearKernels.PANEL);
        } else {
            require(parts, BIAS, ScalarType.Float, shape.outputs());
        }
    }

    private static long groups(Map<String, Part> parts) {
        Part scales = parts.get(SCALES);
        return scales == null || scales.sizes().size() != 3
                ? 1
                : Math.max(1, scales.sizes().get(1));
    }

    private static Layout layout(Map<String, Part> parts, long outputs, long inputs) {
        if (!parts.containsKey(SCALES)) {
            return Layout.NUMBERS_16;
        }
        if (parts.containsKey(SUMS)) {
            return Layout.PRODUCTS_8;
        }
        long halfBytes = new Shape(Layout.CODES_4, outputs, inputs, inputs).packedBytes();
        return parts.get(PACKED).sizes().equals(List.of(halfBytes)) ? Layout.CODES_4 : Layout.CODES_8;
    }

    private static void require(Map<String, Part> parts, String name, ScalarType type, Long... sizes) {
        Part part = parts.get(name);
        Part expected = new Part(type, List.of(sizes));
        if (part != null && !part.equals(expected)) {
            throw new IllegalArgumentException("expected " + name + " of " + expected.type + " " + expected.sizes
                    + ", found " + part.type + " " + part.sizes);
        }
    }

    /** What it consists of, by name. */
    public Map<String, Tensor> parts() {
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(PACKED, packed);
        scales.ifPresent(part -> parts.put(SCALES, part));
        zeros.ifPresent(part -> parts.put(ZEROS, part));
        sums.ifPresent(part -> parts.put(SUMS, part));
        bias.ifPresent(part -> parts.put(BIAS, part));
        return parts;
    }

    /** Has it outlive every scope, as long as the others live that are kept there. */
    public PrepackedMatrix keptIn(ResidentTensors resident) {
        parts().values().forEach(resident::keep);
        return this;
    }

    /** What the kernels take; its memory is this one's. */
    Matrix matrix() {
        Weights weights = new Weights(
                address(packed),
                addressIfThere(scales),
                addressIfThere(zeros),
                addressIfThere(sums),
                addressIfThere(bias));
        return new Matrix(shape, weights, torch.get_num_threads());
    }

    private static long addressIfThere(Optional<Tensor> part) {
        return part.map(HostTensors::address).orElse(0L);
    }
}
