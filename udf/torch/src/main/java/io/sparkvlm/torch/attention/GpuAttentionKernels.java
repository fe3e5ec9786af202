package io.sparkvlm.torch.attention;

import static io.sparkvlm.torch.rows.GpuRowKernels.PACK;

import io.sparkvlm.torch.gpu.GpuProgram;
import io.sparkvlm.torch.gpu.GpuProgram.Grid;
import io.sparkvlm.torch.gpu.GpuPrograms;
import java.util.Map;
import java.util.Optional;

/** The kernels of {@code attention.cu} as they are started, compiled for heads. */
public record GpuAttentionKernels(GpuProgram program, PagedHeads heads) {
    // attention.cu
    private static final int THREADS = 256;
    private static final int MOST_HEAD_SIZE = 256;
    private static final int WARPS = 8;
    /** What every GPU gives a block of threads without being asked. */
    private static final int SHARED_BYTES = 48 << 10;

    private static final double LOG2_E = 1 / Math.log(2);
    private static final int JOINING_THREADS = 128;

    /** Empty where the kernels do not take the heads. */
    public static Optional<GpuAttentionKernels> of(GpuPrograms programs, PagedHeads heads) {
        if (!areTaken(heads)) {
            return Optional.empty();
        }
        Map<String, Integer> constants =
                Map.of("HEAD_SIZE", heads.size(), "GROUP", heads.group(), "BLOCK_TOKENS", heads.blockSizeTokens());
        return programs.program("attention", constants).map(program -> new GpuAttentionKernels(program, heads));
    }

    private static boolean areTaken(PagedHeads heads) {
        if (heads.size() % PACK != 0 || heads.size() > MOST_HEAD_SIZE) {
            return false;
        }
        int query = Integer.highestOneBit(2 * heads.size() - 1); // filled up to a power of two
        return heads.group() * Float.BYTES * (query + WARPS * (heads.size() + 2)) <= SHARED_BYTES;
    }

    /** A layer's keys and values, by the addresses of [key-value heads, slots, head size]; the stride is from a head to the next. */
    public record Cache(long keys, long values, long headStride) {}

    /** Heads of a step's rows, by the address of [rows, heads, head size]; the stride is from a row to the next. */
    public record Rows(long address, long stride) {}

    /**
     * Sequences that add one token each, by their addresses.
     *
     * @param count of them
     * @param numbers int32: what {@link GpuSequences} says of each
     * @param blocks int32: of all of them
     * @param mostParts that one of them has, or more
     * @param parts float32, for those that wait to be joined
     */
    public record Sequences(long count, long numbers, long blocks, long mostParts, long parts) {}

    /**
     * Attends each sequence's new token to its keys and values.
     *
     * @param attended as the queries; the sequences' rows are written
     */
    public void attend(Rows queries, Cache cache, Sequences sequences, Rows attended) {
        long[] arguments = {
            queries.address,
            queries.stride,
            cache.keys,
            cache.values,
            cache.headStride / PACK,
            attended.address,
            attended.stride,
            sequences.numbers,
            sequences.blocks,
            sequences.parts,
            Double.doubleToRawLongBits(LOG2_E / Math.sqrt(heads.size()))
        };
        program.launch(
                "attendToPart", new Grid(heads.keyValues(), sequences.count, sequences.mostParts), THREADS, arguments);
        if (sequences.mostParts > 1) {
            program.launch("joinParts", new Grid(heads.queries(), sequences.count, 1), JOINING_THREADS, arguments);
        }
    }

    /** Numbers of float32 that a part takes while it waits to be joined. */
    long numbersOfPart() {
        return heads.queries() * (heads.size() + 2L);
    }
}
