package io.sparkvlm.bench;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.device.DeviceSpec;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What this machine can do at best, through the same library: the roof over every figure beside it.
 *
 * @param matmulFlops floating point operations a second of a large matrix product
 * @param readBytes bytes a second of reading a large tensor
 */
public record MachineLimits(double matmulFlops, double readBytes) {
    private static final int RUNS = 8;

    /** Work of which one launch, and the wait for it, is a small part of the time. */
    private record Load(int side, long readFloats, int launches) {
        static Load on(DeviceSpec device) {
            return switch (device.kind()) {
                case CPU -> new Load(2048, 64L << 20, 1); // 256 MB, far over any cache
                case CUDA -> new Load(8192, 1L << 30, 10); // 4 GB
            };
        }
    }

    /** Of products in a type; a CPU may multiply such numbers as float32, and some do that sooner. */
    public static MachineLimits measure(DeviceSpec device, DType dtype) {
        MachineLimits limits = measureOnly(device, dtype);
        return device.kind() == DeviceSpec.Kind.CPU && dtype != DType.FLOAT32
                ? limits.best(measureOnly(device, DType.FLOAT32))
                : limits;
    }

    private static MachineLimits measureOnly(DeviceSpec device, DType dtype) {
        Load load = Load.on(device);
        int side = load.side();
        try (TensorScope scope = new TensorScope();
                Device torchDevice = device.torchDevice()) {
            Tensor left = torch.randn(side, side).to(torchDevice, dtype.scalarType());
            Tensor right = torch.randn(side, side).to(torchDevice, dtype.scalarType());
            Tensor product = left.mm(right);
            double matmulSeconds = best(load.launches(), () -> torch.mm_out(product, left, right), product);
            Tensor large = torch.ones(load.readFloats()).to(torchDevice, DType.FLOAT32.scalarType());
            double readSeconds = best(load.launches(), () -> large.sum(), large);
            return new MachineLimits(2.0 * side * side * side / matmulSeconds, 4.0 * load.readFloats() / readSeconds);
        }
    }

    /** Of each the higher rate. */
    public MachineLimits best(MachineLimits other) {
        return new MachineLimits(Math.max(matmulFlops, other.matmulFlops), Math.max(readBytes, other.readBytes));
    }

    /** Seconds of one launch in the quickest of several runs; reading an element of the witness waits for the device. */
    private static double best(int launches, Runnable work, Tensor witness) {
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            try (TensorScope scope = new TensorScope()) {
                long start = System.nanoTime();
                for (int i = 0; i < launches; i++) {
                    work.run();
                }
                witness.view(-1).select(0, 0).to(DType.FLOAT32.scalarType()).item_float();
                best = Math.min(best, (System.nanoTime() - start) / 1e9 / launches);
            }
        }
        return best;
    }
}
