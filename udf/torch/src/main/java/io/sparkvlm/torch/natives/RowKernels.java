package io.sparkvlm.torch.natives;

/**
 * The project's own kernels for what layers do to each row by itself, in bfloat16 on CPUs; they read and write memory at
 * addresses: {@code udf/torch/src/main/cpp/rows.h}.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class RowKernels {
    private RowKernels() {}

    /** Whether this process has them; the first call loads them. */
    public static boolean areThere() {
        return InstructionSet.inUse() != InstructionSet.NONE;
    }

    /**
     * Numbers in bfloat16: rows of heads, of which a row's lie side by side.
     *
     * @param address of the first row
     * @param rowStride from a row to the next, in numbers
     * @param heads of each row
     * @param size of a head
     */
    public record Heads(long address, long rows, long rowStride, int heads, int size) {}

    /** Puts each row over its root mean square, times the weights; the width is a multiple of {@link #PARTS}. */
    public static native void normalize(
            long input, long weight, long output, long rows, long width, float epsilon, int threads);

    /** What the width of a row that is normalised is a multiple of; rows.h, PARTS. */
    public static final int PARTS = 16;

    /** Turns the heads in place by angles whose cosines and sines are float32, [rows, half a head]. */
    public static void turn(Heads heads, long cosines, long sines, int threads) {
        turn(heads.address, heads.rows, heads.rowStride, heads.heads, heads.size, cosines, sines, threads);
    }

    /** Copies each row's heads to its slot, an int64, of a cache [heads, slots, size]. */
    public static void store(Heads heads, long slots, long cache, long cacheHeadStride) {
        store(heads.address, heads.rows, heads.rowStride, heads.heads, heads.size, slots, cache, cacheHeadStride);
    }

    /** Of rows of twice the width: the silu of the first half times the second. */
    public static native void gate(long input, long output, long rows, long width, int threads);

    /** x sigmoid(1.702 x), in place. */
    public static native void quickGelu(long values, long count, int threads);

    /**
     * Finds the largest of each row of float32, and the first place that has it; NaN where a row has one, whose place says nothing.
     *
     * @param width a multiple of {@link #PARTS}
     * @param values the address of float32, [rows]
     * @param places the address of int64, [rows]
     */
    public static native void largest(long input, long rows, long width, long values, long places, int threads);

    private static native void turn(
            long heads, long rows, long rowStride, int count, int size, long cosines, long sines, int threads);

    private static native void store(
            long heads, long rows, long rowStride, int count, int size, long slots, long cache, long cacheHeadStride);
}
