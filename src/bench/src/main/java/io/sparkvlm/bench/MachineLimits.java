package io.sparkvlm.bench;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.DeviceSpec;
import io.sparkvlm.torch.TensorScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What this machine can do at best, through the same library: the roof over every figure beside it.
 *
 * @param matmulFlops floating point operations a second of a large matrix product
 * @param readBytes bytes a second of reading a large tensor
 */
record MachineLimits(double matmulFlops, double readBytes) {
    private static final int SIDE = 2048;
    private static final long READ_FLOATS = 64L << 20; // 256 MB, far over any cache

    static MachineLimits measure(DeviceSpec device, DType dtype) {
        try (TensorScope scope = new TensorScope();
                Device torchDevice = device.torchDevice()) {
            Tensor left = torch.randn(SIDE, SIDE).to(torchDevice, dtype.scalarType());
            Tensor right = torch.randn(SIDE, SIDE).to(torchDevice, dtype.scalarType());
            Tensor product = left.mm(right);
            double matmulSeconds = best(8, () -> torch.mm_out(product, left, right), product);
            Tensor large = torch.ones(READ_FLOATS).to(torchDevice, DType.FLOAT32.scalarType());
            double readSeconds = best(8, () -> large.sum(), large);
            return new MachineLimits(2.0 * SIDE * SIDE * SIDE / matmulSeconds, 4.0 * READ_FLOATS / readSeconds);
        }
    }

    /** The quickest of several runs, in seconds; reading an element of the witness waits for the device. */
    private static double best(int runs, Runnable work, Tensor witness) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < runs; i++) {
            try (TensorScope scope = new TensorScope()) {
                long start = System.nanoTime();
                work.run();
                witness.view(-1).select(0, 0).to(DType.FLOAT32.scalarType()).item_float();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return best;
    }
}
