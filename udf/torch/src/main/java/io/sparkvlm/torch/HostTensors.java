package io.sparkvlm.torch;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Moves numbers between Java's arrays and tensors on any device.
 *
 * <p>What comes back is row-major, whatever the tensor's strides; call these inside a {@link TensorScope}.
 */
public final class HostTensors {
    private HostTensors() {}

    /** An int64 tensor, [values.length], on the device. */
    public static Tensor indices(int[] values, Device device) {
        return Tensor.create(values, values.length).to(device, ScalarType.Long);
    }

    /** An int32 tensor, [values.length], on the device. */
    static Tensor integers(int[] values, Device device) {
        return Tensor.create(values, values.length).to(device, ScalarType.Int);
    }

    /** A float32 tensor, [values.length], on the device. */
    public static Tensor floats(float[] values, Device device) {
        return Tensor.create(values, values.length).to(device, ScalarType.Float);
    }

    /** A uint8 tensor, [values.length], on the device. */
    public static Tensor bytes(byte[] values, Device device) {
        return Tensor.create(values, values.length).view(ScalarType.Byte).to(device, ScalarType.Byte);
    }

    /** Where a tensor's numbers lie, for kernels; 0 for one that has no memory. */
    public static long address(Tensor tensor) {
        Pointer data = tensor.data_ptr();
        return data == null ? 0 : data.address();
    }

    public static float[] toFloats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            new FloatPointer(onHost(tensor, ScalarType.Float).data_ptr()).get(values);
        }
        return values;
    }

    public static double[] toDoubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            new DoublePointer(onHost(tensor, ScalarType.Double).data_ptr()).get(values);
        }
        return values;
    }

    public static long[] toLongs(Tensor tensor) {
        long[] values = new long[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            new LongPointer(onHost(tensor, ScalarType.Long).data_ptr()).get(values);
        }
        return values;
    }

    /** Not for an empty tensor, which has no data pointer. */
    private static Tensor onHost(Tensor tensor, ScalarType type) {
        return tensor.to(new Device(DeviceType.CPU), type).contiguous();
    }
}
