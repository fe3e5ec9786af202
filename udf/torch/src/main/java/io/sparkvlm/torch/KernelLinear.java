package io.sparkvlm.torch;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.WideMatrix;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A product in bfloat16 by the project's own kernels, with weights in the order in which they read them. A row's result depends
 * on it alone.
 */
final class KernelLinear implements LinearOperator {
    private final WideMatrix matrix;
    private final TensorFactory factory;

    KernelLinear(Tensor weight, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        this.factory = factory;
        long outputs = weight.size(0);
        long inputs = weight.size(1);
        int threads = torch.get_num_threads();
        Tensor packed = resident.keep(torch.empty(
                new long[] {WideMatrix.packedBytes(outputs, inputs)},
                weight.options().dtype(new ScalarTypeOptional(ScalarType.Byte)),
                null));
        if (!weight.is_meta()) { // one without memory has no numbers
            LinearKernels.packWide(address(weight.contiguous()), outputs, inputs, address(packed), threads);
        }
        long kept = bias.has_value()
                ? address(resident.keep(bias.get().to(ScalarType.Float).contiguous()))
                : 0;
        this.matrix = new WideMatrix(address(packed), kept, outputs, inputs, threads);
    }

    static boolean takes(Tensor weight, TensorFactory factory) {
        return LinearOperator.reorders(factory) && weight.size(1) % 2 == 0 && LinearKernels.areFastest();
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor rows = input.contiguous();
        Tensor product = factory.empty(rows.size(0), matrix.outputs());
        LinearKernels.multiply(matrix, address(rows), address(product), rows.size(0));
        return product;
    }
}
