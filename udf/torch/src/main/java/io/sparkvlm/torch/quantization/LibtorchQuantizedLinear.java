package io.sparkvlm.torch.quantization;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.linear.LinearOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows of any type on any device by libtorch, with the weights of some outputs at a time turned into that type. It saves memory
 * and no time.
 */
final class LibtorchQuantizedLinear implements LinearOperator {
    /** Outputs whose weights are turned at once: 37 MB for 8,960 inputs in bfloat16. */
    private static final long OUTPUTS_AT_ONCE = 2048;

    private final QuantizedMatrix matrix;
    private final TensorOptional bias;
    private final QuantizedLinear.Rows rows;
    private final TensorFactory factory;

    LibtorchQuantizedLinear(
            QuantizedMatrix matrix,
            TensorOptional bias,
            QuantizedLinear.Rows rows,
            TensorFactory factory,
            ResidentTensors resident) {
        this.matrix = new QuantizedMatrix(
                matrix.bits(),
                resident.keep(matrix.codes()),
                resident.keep(matrix.scales()),
                matrix.zeros().map(resident::keep));
        this.bias = resident.keep(bias);
        this.rows = rows;
        this.factory = factory;
    }

    /** What weights that are turned at once take, first in float32 and then in the type. */
    static long workBytes(long inputs, DType dtype) {
        return OUTPUTS_AT_ONCE * inputs * (Float.BYTES + dtype.bytes());
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor multiplied = rows == QuantizedLinear.Rows.ROUNDED ? rounded(input) : input;
        Tensor product = factory.empty(input.size(0), matrix.outputs());
        for (long first = 0; first < matrix.outputs(); first += OUTPUTS_AT_ONCE) {
            try (TensorScope scope = new TensorScope()) {
                long count = Math.min(OUTPUTS_AT_ONCE, matrix.outputs() - first);
                Tensor weights = matrix.weights(first, count).to(factory.dtype().scalarType());
                product.narrow(1, first, count).copy_(torch.linear(multiplied, weights, part(first, count)));
            }
        }
        return product;
    }

    private TensorOptional part(long first, long count) {
        return bias.has_value() ? new TensorOptional(bias.get().narrow(0, first, count)) : bias;
    }

    /** Each row to 8 bits by a scale of its own, and back. */
    private Tensor rounded(Tensor input) {
        Tensor numbers = input.to(ScalarType.Float);
        Tensor scales = numbers.abs().amax(new long[] {1}, true).div_(new Scalar(MatrixRounding.MOST_CODE));
        Tensor codes =
                numbers.div(scales.clamp_min(new Scalar(Float.MIN_NORMAL))).round_();
        return codes.mul_(scales).to(factory.dtype().scalarType());
    }
}
