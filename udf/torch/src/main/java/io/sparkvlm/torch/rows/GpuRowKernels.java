package io.sparkvlm.torch.rows;

import static io.sparkvlm.torch.HostTensors.address;

import io.sparkvlm.torch.gpu.GpuProgram;
import io.sparkvlm.torch.gpu.GpuProgram.Grid;
import io.sparkvlm.torch.gpu.GpuPrograms;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The kernels of {@code rows.cu} as they are started; tensors are contiguous, but for rows that turn. */
public record GpuRowKernels(GpuProgram program) {
    /** Numbers that a thread reads at once, of numbers.cuh: widths are multiples of it. */
    public static final int PACK = 8;

    private static final int THREADS = 256;
    private static final long NONE = 0;

    public static Optional<GpuRowKernels> of(GpuPrograms programs) {
        return programs.program("rows", Map.of()).map(GpuRowKernels::new);
    }

    /**
     * What a step begins with.
     *
     * @param numbers address of int32 [rows] tokens, float32 [rows, 3] positions, int32 [rows] slots, one after the other
     * @param embeddings [vocabulary, width]
     * @param frequencies float32, [half a head]
     * @param axes int64, [half a head]: the axis that each frequency follows
     * @param hidden [at least rows, width]; written
     * @param angles written
     */
    public void begin(
            long rows, long numbers, Tensor embeddings, Tensor frequencies, Tensor axes, Tensor hidden, Angles angles) {
        long bytes = rows * Integer.BYTES;
        program.launch(
                "begin",
                new Grid(rows, 1, 1),
                THREADS,
                numbers,
                numbers + bytes,
                numbers + 4 * bytes,
                address(embeddings),
                address(frequencies),
                address(axes),
                address(hidden),
                address(angles.cosines),
                address(angles.sines),
                address(angles.slots),
                embeddings.size(1),
                frequencies.size(0));
    }

    /**
     * How rows turn, and where they go.
     *
     * @param cosines float32, [rows, half a head]; sines likewise
     * @param slots int64, [rows]; below 0 for a row without a sequence
     */
    public record Angles(Tensor cosines, Tensor sines, Tensor slots) {}

    /**
     * Divides each row by the root of its mean square, times the weight.
     *
     * @param input [at least rows, width]; output likewise
     */
    public void normalize(long rows, Tensor input, Tensor weight, double epsilon, Tensor output) {
        program.launch(
                "normalize",
                new Grid(rows, 1, 1),
                THREADS,
                address(input),
                address(weight),
                address(output),
                weight.size(0),
                Double.doubleToRawLongBits(epsilon));
    }

    /** @param heads [rows, heads, head size], a row's side by side */
    void turn(Tensor heads, Tensor cosines, Tensor sines) {
        launchTurn(heads.size(0), heads, heads.size(1), 0, cosines, sines, NONE, NONE, NONE, NONE, NONE);
    }

    /**
     * Turns queries and keys by their rows' angles, and writes keys and values to their slots of the cache.
     *
     * @param rows that there are at most
     * @param heads [at least rows, heads, head size], a row's side by side
     * @param bias of all heads, which is added before; or 0
     * @param keys address of [key-value heads, slots, head size]; values likewise
     * @param headStride from a head of keys to the next
     */
    public void turnAndStore(
            long rows,
            Tensor heads,
            long bias,
            long keyValues,
            Angles angles,
            long keys,
            long values,
            long headStride) {
        launchTurn(
                rows,
                heads,
                heads.size(1) - 2 * keyValues,
                keyValues,
                angles.cosines,
                angles.sines,
                bias,
                address(angles.slots),
                keys,
                values,
                headStride);
    }

    private void launchTurn(
            long rows,
            Tensor heads,
            long queries,
            long keyValues,
            Tensor cosines,
            Tensor sines,
            long bias,
            long slots,
            long keys,
            long values,
            long headStride) {
        program.launch(
                "turnAndStore",
                new Grid(rows, 1, 1),
                THREADS,
                address(heads),
                bias,
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

    /**
     * The silu of the first half of each row times its second.
     *
     * @param input [at least rows, 2 x width]
     * @param output [at least rows, width]
     */
    public void gate(long rows, Tensor input, Tensor output) {
        long width = output.size(1);
        program.launch(
                "gate",
                Grid.ofItems(rows * width / PACK, THREADS),
                THREADS,
                address(input),
                address(output),
                rows,
                width);
    }

    void quickGelu(Tensor values) {
        long packs = values.numel() / PACK;
        program.launch("quickGelu", Grid.ofItems(packs, THREADS), THREADS, address(values), packs);
    }
}
