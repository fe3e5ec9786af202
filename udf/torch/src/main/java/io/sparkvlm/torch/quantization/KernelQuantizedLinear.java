package io.sparkvlm.torch.quantization;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.LinearOperator;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import io.sparkvlm.torch.natives.LinearKernels.Shape;
import io.sparkvlm.torch.natives.LinearKernels.Weights;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rows in bfloat16 by the project's own kernels, which read a weight's bits once. A row's result depends on it alone. */
final class KernelQuantizedLinear implements LinearOperator {
    private final Shape shape;
    private final Weights weights;
    private final TensorFactory factory;
    private final int threads = torch.get_num_threads();

    KernelQuantizedLinear(
            Layout layout,
            QuantizedMatrix matrix,
            TensorOptional bias,
            TensorFactory factory,
            ResidentTensors resident) {
        this.factory = factory;
        this.shape = new Shape(layout, matrix.outputs(), matrix.inputs(), matrix.group());
        Tensor codes = matrix.codes();
        Tensor packed = torch.empty(
                new long[] {shape.packedBytes()}, codes.options().dtype(new ScalarTypeOptional(ScalarType.Byte)), null);
        if (!codes.is_meta()) { // those without memory have no numbers
            LinearKernels.pack(address(codes), shape, address(packed), threads);
        }
        this.weights = new Weights(
                address(resident.keep(packed)),
                address(resident.keep(byPanels(matrix.scales()))),
                matrix.zeros()
                        .map(zeros -> address(resident.keep(byPanels(zeros))))
                        .orElse(0L),
                layout == Layout.PRODUCTS_8 ? address(resident.keep(byPanels(sums(matrix)))) : 0,
                bias.has_value()
                        ? address(resident.keep(
                                byPanels(bias.get().to(ScalarType.Float).unsqueeze(1))))
                        : 0);
    }

    private static Tensor sums(QuantizedMatrix matrix) {
        return matrix.codes().sum(new long[] {1}, true, new ScalarTypeOptional(ScalarType.Int));
    }

    /** [outputs, groups] to [panels, groups, panel]. */
    private Tensor byPanels(Tensor values) {
        Tensor padded = values.new_zeros(new long[] {shape.paddedOutputs(), values.size(1)});
        padded.narrow(0, 0, values.size(0)).copy_(values);
        return padded.view(-1, LinearKernels.PANEL, values.size(1))
                .transpose(1, 2)
                .contiguous();
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor rows = input.contiguous();
        Tensor product = factory.empty(rows.size(0), shape.outputs());
        LinearKernels.multiply(shape, weights, address(rows), address(product), rows.size(0), threads);
        return product;
    }
}
