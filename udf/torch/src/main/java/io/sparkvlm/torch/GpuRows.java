package io.sparkvlm.torch;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.natives.GpuProgram;
import io.sparkvlm.torch.natives.GpuProgram.Grid;
import io.sparkvlm.torch.natives.GpuPrograms;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows in bfloat16 on a GPU by the project's own kernels: one launch where libtorch takes several, computed in float32 and rounded
 * once. What they do not take is left to libtorch.
 */
final class GpuRows implements RowOperators {
    private static final int THREADS = 256;
    private static final int PACK = 8; // numbers that a thread reads at once; numbers.cuh
    private static final long PACK_BYTES = 2L * PACK;

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
        Optional<GpuProgram> kernels = kernelsFor(input);
        if (kernels.isEmpty() || input.size(1) % PACK != 0) {
            return libtorch.normalized(input, weight, epsilon);
        }
        long rows = input.size(0);
        long width = input.size(1);
        Tensor normalized = factory.empty(rows, width);
        kernels.get()
                .launch(
                        "normalize",
                        new Grid(rows, 1, 1),
                        THREADS,
                        address(input),
                        address(weight),
                        address(normalized),
                        width,
                        Double.doubleToRawLongBits(epsilon));
        return normalized;
    }

    @Override
    public void turn(Tensor heads, Tensor cosines, Tensor sines) {
        Optional<GpuProgram> kernels = kernelsForHeads(heads);
        if (kernels.isEmpty()) {
            libtorch.turn(heads, cosines, sines);
        } else {
            turnAndStore(kernels.get(), heads, heads.size(1), 0, cosines, sines, 0, 0, 0, 0);
        }
    }

    @Override
    public void turnAndStore(Tensor heads, Tensor cosines, Tensor sines, Tensor slots, Tensor keys, Tensor values) {
        Optional<GpuProgram> kernels = kernelsForHeads(heads);
        if (kernels.isEmpty()) {
            libtorch.turnAndStore(heads, cosines, sines, slots, keys, values);
        } else {
            long keyValues = keys.size(0);
            turnAndStore(
                    kernels.get(),
                    heads,
                    heads.size(1) - 2 * keyValues,
                    keyValues,
                    cosines,
                    sines,
                    address(slots),
                    address(keys),
                    address(values),
                    keys.stride(0));
        }
    }

    private static void turnAndStore(
            GpuProgram kernels,
            Tensor heads,
            long queries,
            long keyValues,
            Tensor cosines,
            Tensor sines,
            long slots,
            long keys,
            long values,
            long headStride) {
        kernels.launch(
                "turnAndStore",
                new Grid(heads.size(0), 1, 1),
                THREADS,
                address(heads),
                heads.stride(0),
                queries,
                keyValues,
                heads.size(2),
                address(cosines),
                address(sines),
                slots,
                keys,
                values,
                headStride);
    }

    @Override
    public void store(Tensor heads, Tensor slots, Tensor cached) {
        libtorch.store(heads, slots, cached);
    }

    @Override
    public Tensor gated(Tensor input) {
        long rows = input.size(0);
        long width = input.size(1) / 2;
        Optional<GpuProgram> kernels = kernelsFor(input);
        if (kernels.isEmpty() || width % PACK != 0) {
            return libtorch.gated(input);
        }
        Tensor gated = factory.empty(rows, width);
        kernels.get()
                .launch(
                        "gate",
                        Grid.ofItems(rows * width / PACK, THREADS),
                        THREADS,
                        address(input),
                        address(gated),
                        rows,
                        width);
        return gated;
    }

    @Override
    public void quickGelu(Tensor values) {
        Optional<GpuProgram> kernels = kernelsFor(values);
        if (kernels.isEmpty() || values.numel() % PACK != 0) {
            libtorch.quickGelu(values);
            return;
        }
        long packs = values.numel() / PACK;
        kernels.get().launch("quickGelu", Grid.ofItems(packs, THREADS), THREADS, address(values), packs);
    }

    /** Where the numbers lie side by side, in whole packs. */
    private Optional<GpuProgram> kernelsFor(Tensor numbers) {
        return numbers.numel() > 0 && numbers.is_contiguous() && address(numbers) % PACK_BYTES == 0
                ? kernels()
                : Optional.empty();
    }

    private Optional<GpuProgram> kernelsForHeads(Tensor heads) {
        boolean areSideBySide = heads.stride(2) == 1 && heads.stride(1) == heads.size(2);
        return heads.numel() > 0 && areSideBySide && heads.size(2) % 2 == 0 ? kernels() : Optional.empty();
    }

    private Optional<GpuProgram> kernels() {
        return programs.program("rows", Map.of());
    }
}
