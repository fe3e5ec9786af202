package io.sparkvlm.torch.quantization;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.linear.KernelLinear;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.LinearKernels.Layout;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Makes linear operators of rounded weights, in the way that is fastest on their device. */
public final class QuantizedLinear {
    private QuantizedLinear() {}

    /**
     * An operator with these weights, rounded; it keeps what it needs of them.
     *
     * @param weight [outputs, inputs]
     * @param bias [outputs], or empty
     */
    public static LinearOperator of(
            Tensor weight,
            TensorOptional bias,
            Quantization quantization,
            TensorFactory factory,
            ResidentTensors resident) {
        if (quantization == Quantization.NONE) {
            return LinearOperator.of(weight, bias, factory, resident);
        }
        return of(quantization.rounded(weight), bias, rows(quantization), factory, resident);
    }

    /**
     * An operator with matrices that were published quantized, one's outputs after the other's; it keeps what it needs.
     *
     * @param matrices of the same packing and inputs, each in order
     * @param bias of all their outputs, or empty
     */
    public static LinearOperator of(
            List<PackedMatrix> matrices, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        List<QuantizedMatrix> parts =
                matrices.stream().map(PackedMatrix::unpacked).toList();
        QuantizedMatrix all = QuantizedMatrix.stacked(parts).on(factory);
        return of(all, bias, Rows.AS_THEY_ARE, factory, resident);
    }

    /** What an operator works in beside its rows and its weights, in bytes. */
    public static long workBytes(long inputs, DType dtype) {
        return LibtorchQuantizedLinear.workBytes(inputs, dtype);
    }

    /** What becomes of rows before they are multiplied. */
    enum Rows {
        AS_THEY_ARE,
        ROUNDED
    }

    static LinearOperator of(
            QuantizedMatrix matrix, TensorOptional bias, Rows rows, TensorFactory factory, ResidentTensors resident) {
        boolean bfloat16OnCpu =
                factory.dtype() == DType.BFLOAT16 && factory.deviceSpec().kind() == DeviceSpec.Kind.CPU;
        if (bfloat16OnCpu && LinearKernels.takesGroups(matrix.group(), matrix.inputs()) && LinearKernels.areThere()) {
            return new KernelLinear(KernelMatrices.of(layout(matrix, rows), matrix, bias, resident), factory);
        }
        return new LibtorchQuantizedLinear(matrix, bias, rows, factory, resident);
    }

    private static Rows rows(Quantization quantization) {
        return quantization == Quantization.A8W8 ? Rows.ROUNDED : Rows.AS_THEY_ARE;
    }

    private static Layout layout(QuantizedMatrix matrix, Rows rows) {
        if (rows == Rows.ROUNDED) {
            return Layout.PRODUCTS_8;
        }
        return matrix.bits() == 4 ? Layout.CODES_4 : Layout.CODES_8;
    }
}
