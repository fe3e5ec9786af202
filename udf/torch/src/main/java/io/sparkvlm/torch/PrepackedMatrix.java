package io.sparkvlm.torch;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import io.sparkvlm.torch.natives.LinearKernels.Matrix;
import io.sparkvlm.torch.natives.LinearKernels.Shape;
import io.sparkvlm.torch.natives.LinearKernels.Weights;
import java.util.Arrays;
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

    /**
     * A matrix of what {@link #parts} gave.
     *
     * @throws IllegalArgumentException if they are not those of a matrix of so many outputs and inputs
     */
    public static PrepackedMatrix of(long outputs, long inputs, Map<String, Tensor> parts) {
        Tensor packed = parts.get(PACKED);
        Optional<Tensor> scales = Optional.ofNullable(parts.get(SCALES));
        long groups =
                scales.filter(all -> all.dim() == 3).map(all -> all.size(1)).orElse(1L);
        Shape shape = new Shape(layout(parts, outputs, inputs), outputs, inputs, inputs / Math.max(groups, 1));
        boolean areCodes = shape.layout() != Layout.NUMBERS_16;
        if (inputs % groups != 0 || (areCodes && !LinearKernels.takesGroups(shape.group(), inputs))) {
            throw new IllegalArgumentException("expected groups of inputs, found " + groups + " of " + inputs);
        }
        long panels = shape.paddedOutputs() / LinearKernels.PANEL;
        long[] ofPanels = {panels, 1, LinearKernels.PANEL};
        require(parts, PACKED, ScalarType.Byte, shape.packedBytes());
        require(parts, SCALES, ScalarType.Float, panels, groups, LinearKernels.PANEL);
        require(parts, ZEROS, ScalarType.Short, panels, groups, LinearKernels.PANEL);
        require(parts, SUMS, ScalarType.Int, ofPanels);
        require(parts, BIAS, ScalarType.Float, areCodes ? ofPanels : new long[] {outputs});
        if (address(packed) % ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "expected " + PACKED + " at a multiple of " + ALIGNMENT + " bytes, found another place");
        }
        return new PrepackedMatrix(
                shape,
                packed,
                scales,
                Optional.ofNullable(parts.get(ZEROS)),
                Optional.ofNullable(parts.get(SUMS)),
                Optional.ofNullable(parts.get(BIAS)));
    }

    private static Layout layout(Map<String, Tensor> parts, long outputs, long inputs) {
        if (!parts.containsKey(SCALES)) {
            return Layout.NUMBERS_16;
        }
        if (parts.containsKey(SUMS)) {
            return Layout.PRODUCTS_8;
        }
        long halfBytes = new Shape(Layout.CODES_4, outputs, inputs, inputs).packedBytes();
        return parts.get(PACKED).numel() == halfBytes ? Layout.CODES_4 : Layout.CODES_8;
    }

    private static void require(Map<String, Tensor> parts, String name, ScalarType type, long... shape) {
        Tensor part = parts.get(name);
        if (part == null) {
            return;
        }
        long[] found = LongStream.range(0, part.dim()).map(part::size).toArray();
        if (part.scalar_type().intern() != type || !Arrays.equals(found, shape)) {
            throw new IllegalArgumentException("expected " + name + " of " + type + " " + Arrays.toString(shape)
                    + ", found " + part.scalar_type().intern() + " " + Arrays.toString(found));
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
