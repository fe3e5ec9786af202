package io.sparkvlm.torch.rows;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.natives.RowKernels;
import io.sparkvlm.torch.natives.RowKernels.Heads;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rows in bfloat16 by the project's own kernels: one pass over memory where libtorch takes several, computed in float32 and
 * rounded once.
 */
final class KernelRows implements RowOperators {
    private final TensorFactory factory;
    private final LibtorchRows libtorch;
    private final int threads = torch.get_num_threads();

    /** @param libtorch for what the kernels do not take */
    KernelRows(TensorFactory factory, LibtorchRows libtorch) {
        this.factory = factory;
        this.libtorch = libtorch;
    }

    @Override
    public Tensor normalized(Tensor input, Tensor weight, double epsilon) {
        long width = input.size(1);
        if (width % RowKernels.PARTS != 0 || !input.is_contiguous()) {
            return libtorch.normalized(input, weight, epsilon);
        }
        long rows = input.size(0);
        Tensor normalized = factory.empty(rows, width);
        RowKernels.normalize(
                address(input), address(weight), address(normalized), rows, width, (float) epsilon, threads);
        return normalized;
    }

    @Override
    public void turn(Tensor heads, Tensor cosines, Tensor sines) {
        RowKernels.turn(heads(heads), address(cosines), address(sines), threads);
    }

    @Override
    public void store(Tensor heads, Tensor slots, Tensor cached) {
        RowKernels.store(heads(heads), address(slots), address(cached), cached.stride(0));
    }

    @Override
    public Tensor gated(Tensor input) {
        long rows = input.size(0);
        long width = input.size(1) / 2;
        Tensor gated = factory.empty(rows, width);
        RowKernels.gate(address(input), address(gated), rows, width, threads);
        return gated;
    }

    @Override
    public void quickGelu(Tensor values) {
        RowKernels.quickGelu(address(values), values.numel(), threads);
    }

    private static Heads heads(Tensor heads) {
        return new Heads(address(heads), heads.size(0), heads.stride(0), (int) heads.size(1), (int) heads.size(2));
    }
}
