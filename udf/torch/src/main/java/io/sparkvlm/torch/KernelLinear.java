package io.sparkvlm.torch;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import io.sparkvlm.torch.natives.LinearKernels.Matrix;
import io.sparkvlm.torch.natives.LinearKernels.Shape;
import io.sparkvlm.torch.natives.LinearKernels.Weights;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows in bfloat16 by the project's own kernels, with weights in the order in which they read them. A row's result depends on it
 * alone.
 *
 * @param matrix whose memory outlives the operator
 */
public record KernelLinear(Matrix matrix, TensorFactory factory) implements LinearOperator {
    static boolean takes(Tensor weight, TensorFactory factory) {
        return LinearOperator.reorders(factory) && weight.size(1) % 2 == 0 && LinearKernels.areFastest();
    }

    /** Of weights in bfloat16. */
    static KernelLinear of(Tensor weight, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        Shape shape = new Shape(Layout.NUMBERS_16, weight.size(0), weight.size(1), weight.size(1));
        int threads = torch.get_num_threads();
        Tensor packed = resident.keep(torch.empty(
                new long[] {shape.packedBytes()},
                weight.options().dtype(new ScalarTypeOptional(ScalarType.Byte)),
                null));
        if (!weight.is_meta()) { // one without memory has no numbers
            LinearKernels.packNumbers(address(weight.contiguous()), shape, address(packed), threads);
        }
        long kept = bias.has_value()
                ? address(resident.keep(bias.get().to(ScalarType.Float).contiguous()))
                : 0;
        return new KernelLinear(new Matrix(shape, new Weights(address(packed), 0, 0, 0, kept), threads), factory);
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor rows = input.contiguous();
        Tensor product = factory.empty(rows.size(0), matrix.shape().outputs());
        LinearKernels.multiply(matrix, address(rows), address(product), rows.size(0));
        return product;
    }

    @Override
    public Tensor applyToFloats(Tensor input) {
        if (matrix.shape().layout() != Layout.NUMBERS_16) {
            return LinearOperator.super.applyToFloats(input);
        }
        Tensor rows = input.contiguous();
        Tensor product = factory.emptyFloats(rows.size(0), matrix.shape().outputs());
        LinearKernels.multiplyToFloats(matrix, address(rows), address(product), rows.size(0));
        return product;
    }
}
