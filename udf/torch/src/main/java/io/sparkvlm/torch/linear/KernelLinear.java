package io.sparkvlm.torch.linear;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import io.sparkvlm.torch.natives.LinearKernels.Matrix;
import io.sparkvlm.torch.natives.LinearKernels.Shape;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows in bfloat16 by the project's own kernels, with weights in the order in which they read them. A row's result depends on it
 * alone.
 */
public final class KernelLinear implements LinearOperator {
    private final PrepackedMatrix weights;
    private final Matrix matrix;
    private final TensorFactory factory;

    /** @param weights whose memory outlives the operator */
    public KernelLinear(PrepackedMatrix weights, TensorFactory factory) {
        this.weights = weights;
        this.matrix = weights.matrix();
        this.factory = factory;
    }

    /** What rows are multiplied with. */
    public PrepackedMatrix weights() {
        return weights;
    }

    public Matrix matrix() {
        return matrix;
    }

    /** @param weights whose outputs lie one after the other's; all but the last must fill whole panels */
    static boolean takes(List<Tensor> weights, TensorFactory factory) {
        return takes(factory)
                && weights.get(0).size(1) % 2 == 0
                && weights.subList(0, weights.size() - 1).stream()
                        .allMatch(weight -> weight.size(0) % LinearKernels.WIDE_PANEL == 0);
    }

    /** Whether the kernels are for the factory's device and type. */
    static boolean takes(TensorFactory factory) {
        return factory.dtype() == DType.BFLOAT16 && factory.computesOnCpu() && LinearKernels.areFastest();
    }

    /** Of weights in bfloat16. */
    static KernelLinear of(List<Tensor> weights, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        Tensor first = weights.get(0);
        Shape shape = shape(weights.stream().mapToLong(weight -> weight.size(0)).sum(), first.size(1));
        int threads = torch.get_num_threads();
        Tensor packed = torch.empty(
                new long[] {shape.packedBytes()}, first.options().dtype(new ScalarTypeOptional(ScalarType.Byte)), null);
        if (!first.is_meta()) { // one without memory has no numbers
            long at = address(packed);
            for (Tensor weight : weights) {
                Shape own = shape(weight.size(0), weight.size(1));
                LinearKernels.packNumbers(address(weight.contiguous()), own, at, threads);
                at += own.packedBytes();
            }
        }
        Optional<Tensor> floats =
                bias.has_value() ? Optional.of(bias.get().to(ScalarType.Float).contiguous()) : Optional.empty();
        PrepackedMatrix prepacked =
                new PrepackedMatrix(shape, packed, Optional.empty(), Optional.empty(), Optional.empty(), floats);
        return new KernelLinear(prepacked.keptIn(resident), factory);
    }

    private static Shape shape(long outputs, long inputs) {
        return new Shape(Layout.NUMBERS_16, outputs, inputs, inputs);
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor product = factory.empty(input.size(0), matrix.shape().outputs());
        apply(input, product);
        return product;
    }

    @Override
    public void apply(Tensor input, Tensor output) {
        Tensor rows = input.contiguous();
        LinearKernels.multiply(matrix, address(rows), address(output), rows.size(0));
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
