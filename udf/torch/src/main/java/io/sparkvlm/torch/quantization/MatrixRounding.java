package io.sparkvlm.torch.quantization;

import io.sparkvlm.torch.TensorScope;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rounds matrices to the nearest codes. */
final class MatrixRounding {
    /** -128 is left out, so that codes of both signs reach as far. */
    static final double MOST_CODE = 127;

    private static final double STEPS_OF_4_BITS = 15;

    /** Inputs that share a scale in 4 bits, as in the checkpoints that are published. */
    private static final long GROUP = 128;

    /** Outputs that are rounded at once: what is between takes some hundred megabytes at most. */
    private static final long OUTPUTS_AT_ONCE = 2048;

    /** No scale is smaller, so that none is 0. */
    private static final double LEAST_SCALE = 1e-12;

    private MatrixRounding() {}

    /** To 8 bits, with a scale for each output. */
    static QuantizedMatrix symmetric(Tensor weight) {
        QuantizedMatrix rounded = empty(8, weight, weight.size(1), Optional.empty());
        for (long first = 0; first < outputsWithNumbers(weight); first += OUTPUTS_AT_ONCE) {
            try (TensorScope scope = new TensorScope()) {
                long count = Math.min(OUTPUTS_AT_ONCE, weight.size(0) - first);
                Tensor part = weight.narrow(0, first, count).to(ScalarType.Float);
                Tensor scale = part.abs()
                        .amax(new long[] {1}, true)
                        .div_(new Scalar(MOST_CODE))
                        .clamp_min_(new Scalar(LEAST_SCALE));
                rounded.codes().narrow(0, first, count).copy_(part.div(scale).round_());
                rounded.scales().narrow(0, first, count).copy_(scale);
            }
        }
        return rounded;
    }

    /** To 4 bits, with a scale and a zero for each group of inputs: 16 steps from a group's least weight to its largest. */
    static QuantizedMatrix inGroups(Tensor weight) {
        long group = group(weight.size(1));
        long groups = weight.size(1) / group;
        Tensor zeros = torch.empty(new long[] {weight.size(0), groups}, like(weight, ScalarType.Short), null);
        QuantizedMatrix rounded = empty(4, weight, group, Optional.of(zeros));
        for (long first = 0; first < outputsWithNumbers(weight); first += OUTPUTS_AT_ONCE) {
            try (TensorScope scope = new TensorScope()) {
                long count = Math.min(OUTPUTS_AT_ONCE, weight.size(0) - first);
                Tensor part =
                        weight.narrow(0, first, count).to(ScalarType.Float).view(count, groups, group);
                Tensor least = part.amin(new long[] {2}, true).clamp_max_(new Scalar(0.0)); // 0 is exact
                Tensor largest = part.amax(new long[] {2}, true).clamp_min_(new Scalar(0.0));
                Tensor scale =
                        largest.sub_(least).div_(new Scalar(STEPS_OF_4_BITS)).clamp_min_(new Scalar(LEAST_SCALE));
                Tensor zero =
                        least.div(scale).round_().neg_().sub_(new Scalar(8.0), new Scalar(1.0)); // of codes from -8
                Tensor codes = part.div(scale)
                        .round_()
                        .add_(zero)
                        .clamp_(new ScalarOptional(new Scalar(-8.0)), new ScalarOptional(new Scalar(7.0)));
                rounded.codes().narrow(0, first, count).copy_(codes.view(count, -1));
                rounded.scales().narrow(0, first, count).copy_(scale.squeeze(2));
                zeros.narrow(0, first, count).copy_(zero.squeeze(2));
            }
        }
        return rounded;
    }

    /** A matrix without memory has none. */
    private static long outputsWithNumbers(Tensor weight) {
        return weight.is_meta() ? 0 : weight.size(0);
    }

    /** The largest that divides the inputs; all of them where none does that kernels take. */
    private static long group(long inputs) {
        for (long group = GROUP; group >= 32; group /= 2) {
            if (inputs % group == 0) {
                return group;
            }
        }
        return inputs;
    }

    private static QuantizedMatrix empty(int bits, Tensor weight, long group, Optional<Tensor> zeros) {
        long outputs = weight.size(0);
        long inputs = weight.size(1);
        return new QuantizedMatrix(
                bits,
                torch.empty(new long[] {outputs, inputs}, like(weight, ScalarType.Char), null),
                torch.empty(new long[] {outputs, inputs / group}, like(weight, ScalarType.Float), null),
                zeros);
    }

    private static TensorOptions like(Tensor weight, ScalarType type) {
        return weight.options().dtype(new ScalarTypeOptional(type));
    }
}
