package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.gpu.CudaGpu;
import io.sparkvlm.torch.gpu.Gpu;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Makes tensors on one device, in the type that a model is computed in. Callers have a {@link TensorScope} open; the
 * factory itself lives until it is closed.
 */
public final class TensorFactory implements AutoCloseable {
    private final DeviceSpec deviceSpec;
    private final DType dtype;
    private final Optional<Gpu> gpu;
    private final Device device;

    public TensorFactory(DeviceSpec deviceSpec, DType dtype) {
        this(deviceSpec, dtype, gpu(deviceSpec));
    }

    /** @param gpu whose kernels reach the device's memory */
    TensorFactory(DeviceSpec deviceSpec, DType dtype, Optional<Gpu> gpu) {
        this(deviceSpec, dtype, gpu, deviceSpec::torchDevice);
    }

    private TensorFactory(DeviceSpec deviceSpec, DType dtype, Optional<Gpu> gpu, Supplier<Device> device) {
        this.deviceSpec = deviceSpec;
        this.dtype = dtype;
        this.gpu = gpu;
        try (TensorScope scope = new TensorScope()) {
            this.device = scope.keep(device.get());
        }
    }

    /** Makes tensors that have a shape and a type and take no memory; operators are those of the device, which need not be there. */
    public static TensorFactory withoutMemory(DeviceSpec deviceSpec, DType dtype) {
        return new TensorFactory(deviceSpec, dtype, Optional.empty(), () -> new Device(DeviceType.Meta));
    }

    private static Optional<Gpu> gpu(DeviceSpec device) {
        return switch (device.kind()) {
            case CPU -> Optional.empty();
            case CUDA -> Optional.of(CudaGpu.of(device.index()));
        };
    }

    public DeviceSpec deviceSpec() {
        return deviceSpec;
    }

    public DType dtype() {
        return dtype;
    }

    /** What the project's own kernels for GPUs run on; empty where tensors are not in a GPU's memory. */
    public Optional<Gpu> gpu() {
        return gpu;
    }

    /** Whether operators compute on the CPU, rather than reach its memory as a GPU. */
    public boolean computesOnCpu() {
        return deviceSpec.kind() == DeviceSpec.Kind.CPU && gpu.isEmpty();
    }

    /** Of the model's type, with whatever was in that memory. */
    public Tensor empty(long... shape) {
        return empty(dtype.scalarType(), shape);
    }

    /** float32, with whatever was in that memory. */
    public Tensor emptyFloats(long... shape) {
        return empty(ScalarType.Float, shape);
    }

    /** int32, with whatever was in that memory. */
    public Tensor emptyIntegers(long... shape) {
        return empty(ScalarType.Int, shape);
    }

    /** int64, with whatever was in that memory. */
    public Tensor emptyIndices(long... shape) {
        return empty(ScalarType.Long, shape);
    }

    private Tensor empty(ScalarType type, long... shape) {
        return torch.empty(shape, options(type), null);
    }

    /** Of the model's type. */
    public Tensor zeros(long... shape) {
        return torch.zeros(shape, options(dtype.scalarType()));
    }

    /**
     * What is added to scores [queries, keys] where the queries stand for the last tokens of the keys: 0 up to a query's
     * own token, minus infinity after it. Of the model's type.
     */
    public Tensor causalMask(long queries, long keys) {
        return zeros(queries, keys).fill_(new Scalar(Double.NEGATIVE_INFINITY)).triu_(keys - queries + 1);
    }

    /** Values converted to the model's type. */
    public Tensor values(float[] values) {
        return HostTensors.floats(values, device).to(dtype.scalarType());
    }

    /** float32, whatever the model's type. */
    public Tensor floats(float[] values) {
        return HostTensors.floats(values, device);
    }

    public Tensor indices(int[] values) {
        return HostTensors.indices(values, device);
    }

    /** int32. */
    public Tensor integers(int[] values) {
        return HostTensors.integers(values, device);
    }

    /** uint8. */
    public Tensor bytes(byte[] values) {
        return HostTensors.bytes(values, device);
    }

    /** The same values in their own type, on the factory's device. */
    public Tensor onDevice(Tensor values) {
        return values.to(device, values.scalar_type());
    }

    private TensorOptions options(ScalarType type) {
        return new TensorOptions(type).device(new DeviceOptional(device));
    }

    @Override
    public void close() {
        device.close();
    }
}
