package io.sparkvlm.torch.quantization;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.linear.PrepackedMatrix;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import io.sparkvlm.torch.natives.LinearKernels.Shape;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Brings rounded weights into the order in which the project's own kernels read a weight's bits once. */
final class KernelMatrices {
    private KernelMatrices() {}

    static PrepackedMatrix of(Layout layout, QuantizedMatrix matrix, TensorOptional bias, ResidentTensors resident) {
        Shape shape = new Shape(layout, matrix.outputs(), matrix.inputs(), matrix.group());
        int threads = torch.get_num_threads();
        Tensor codes = matrix.codes();
        Tensor packed = torch.empty(
                new long[] {shape.packedBytes()}, codes.options().dtype(new ScalarTypeOptional(ScalarType.Byte)), null);
        if (!codes.is_meta()) { // those without memory have no numbers
            LinearKernels.packCodes(address(codes), shape, address(packed), threads);
        }
        PrepackedMatrix prepacked = new PrepackedMatrix(
                shape,
                packed,
                Optional.of(byPanels(matrix.scales(), shape)),
                matrix.zeros().map(zeros -> byPanels(zeros, shape)),
                layout == Layout.PRODUCTS_8 ? Optional.of(byPanels(sums(matrix), shape)) : Optional.empty(),
                bias.has_value()
                        ? Optional.of(byPanels(bias.get().to(ScalarType.Float).unsqueeze(1), shape))
                        : Optional.empty());
        return prepacked.keptIn(resident);
    }

    private static Tensor sums(QuantizedMatrix matrix) {
        return matrix.codes().sum(new long[] {1}, true, new ScalarTypeOptional(ScalarType.Int));
    }

    /** [outputs, groups] to [panels, groups, panel]. */
    private static Tensor byPanels(Tensor values, Shape shape) {
        Tensor padded = values.new_zeros(new long[] {shape.paddedOutputs(), values.size(1)});
        padded.narrow(0, 0, values.size(0)).copy_(values);
        return padded.view(-1, LinearKernels.PANEL, values.size(1))
                .transpose(1, 2)
                .contiguous();
    }
}
