package io.sparkvlm.torch.rows;

import static io.sparkvlm.torch.HostTensors.address;
import static io.sparkvlm.torch.rows.GpuRowKernels.PACK;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.gpu.GpuPrograms;
import io.sparkvlm.torch.rows.GpuRowKernels.Angles;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows in bfloat16 on a GPU by the project's own kernels: one launch where libtorch takes several, computed in float32 and rounded
 * once. What they do not take is left to libtorch.
 */
final class GpuRows implements RowOperators {
    private static final long PACK_BYTES = 2L * PACK;
    private static final long NO_BIAS = 0;

    private final TensorFactory factory;
    private final RowOperators libtorch;
    private final GpuPrograms programs;

    GpuRows(TensorFactory factory, RowOperators libtorch, GpuPrograms programs) {
        this.factory = factory;
        this.libtorch = libtorch;
        this.programs = programs;
    }

    @Override
    public Tensor normalized(Tensor input, Tensor weight, double epsilon) {
        Optional<GpuRowKernels> kernels = kernelsFor(input);
        if (kernels.isEmpty() || input.size(1) % PACK != 0) {
            return libtorch.normalized(input, weight, epsilon);
        }
        Tensor normalized = factory.empty(input.size(0), input.size(1));
        kernels.get().normalize(input.size(0), input, weight, epsilon, normalized);
        return normalized;
    }

    @Override
    public void turn(Tensor heads, Tensor cosines, Tensor sines) {
        kernelsForHeads(heads)
                .ifPresentOrElse(
                        kernels -> kernels.turn(heads, cosines, sines), () -> libtorch.turn(heads, cosines, sines));
    }

    @Override
    public void turnAndStore(Tensor heads, Tensor cosines, Tensor sines, Tensor slots, Tensor keys, Tensor values) {
        kernelsForHeads(heads)
                .ifPresentOrElse(
                        kernels -> kernels.turnAndStore(
                                heads.size(0),
                                heads,
                                NO_BIAS,
                                keys.size(0),
                                new Angles(cosines, sines, slots),
                                address(keys),
                                address(values),
                                keys.stride(0)),
                        () -> libtorch.turnAndStore(heads, cosines, sines, slots, keys, values));
    }

    @Override
    public void store(Tensor heads, Tensor slots, Tensor cached) {
        libtorch.store(heads, slots, cached);
    }

    @Override
    public Tensor gated(Tensor input) {
        long width = input.size(1) / 2;
        Optional<GpuRowKernels> kernels = kernelsFor(input);
        if (kernels.isEmpty() || width % PACK != 0) {
            return libtorch.gated(input);
        }
        Tensor gated = factory.empty(input.size(0), width);
        kernels.get().gate(input.size(0), input, gated);
        return gated;
    }

    @Override
    public void quickGelu(Tensor values) {
        Optional<GpuRowKernels> kernels = kernelsFor(values);
        if (kernels.isEmpty() || values.numel() % PACK != 0) {
            libtorch.quickGelu(values);
        } else {
            kernels.get().quickGelu(values);
        }
    }

    /** Where the numbers lie side by side, in whole packs. */
    private Optional<GpuRowKernels> kernelsFor(Tensor numbers) {
        return numbers.numel() > 0 && numbers.is_contiguous() && address(numbers) % PACK_BYTES == 0
                ? GpuRowKernels.of(programs)
                : Optional.empty();
    }

    private Optional<GpuRowKernels> kernelsForHeads(Tensor heads) {
        boolean areSideBySide = heads.stride(2) == 1 && heads.stride(1) == heads.size(2);
        return heads.numel() > 0 && areSideBySide && heads.size(2) % 2 == 0
                ? GpuRowKernels.of(programs)
                : Optional.empty();
    }
}
