package io.sparkvlm.torch.natives;

/**
 * The project's own kernels for attention in bfloat16 on CPUs; they read and write memory at addresses: {@code
 * udf/torch/src/main/cpp/attention.h}.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class AttentionKernels {
    private AttentionKernels() {}

    /**
     * Numbers in bfloat16, one head's {@code headSize} of a row side by side.
     *
     * @param address of row 0 of head 0
     * @param rowStride from a row to the next, in numbers
     * @param headStride from a head to the next, in numbers
     */
    public record Rows(long address, long rowStride, long headStride) {}

    /**
     * What the heads of attention are.
     *
     * @param group query heads of each key-value head
     * @param size even, at most {@link #MOST_HEAD_SIZE}
     */
    public record Heads(int keyValues, int group, int size) {
        public Heads {
            if (!areTaken(size)) {
                throw new IllegalArgumentException(
                        "expected heads of an even size up to " + MOST_HEAD_SIZE + ", found " + size);
            }
        }
    }

    /**
     * Sequences of int32 numbers: for each the first row of its queries, how many rows, how many tokens before them, the row
     * of its first key where there are no blocks, and where its blocks begin among all blocks.
     *
     * @param address of count x {@link #NUMBERS_OF_SEQUENCE} numbers
     * @param blocks address of the blocks of all sequences, or 0: a sequence's keys lie side by side
     */
    public record Sequences(long address, int count, long blocks, int blockSizeTokens) {}

    public static final int NUMBERS_OF_SEQUENCE = 5;
    private static final int MOST_HEAD_SIZE = 256;

    /** Whether attention takes heads of this size. */
    public static boolean areTaken(int headSize) {
        return headSize >= 2 && headSize % 2 == 0 && headSize <= MOST_HEAD_SIZE;
    }

    /** Whether this process attends in bfloat16 by its own kernels, and not by libtorch with matrix units; the first call loads them. */
    public static boolean attendInBfloat16() {
        return InstructionSet.inUse() != InstructionSet.NONE && !InstructionSet.hasMatrixUnits();
    }

    /** Every query sees all keys of its sequence. */
    public static void attendToAll(
            Rows queries, Rows keys, Rows values, Rows attended, Heads heads, Sequences sequences, int threads) {
        attend(queries, keys, values, attended, heads, sequences, false, threads);
    }

    /** The queries stand for the last tokens of their sequence; each sees the keys up to its own. */
    public static void attendUpToOwn(
            Rows queries, Rows keys, Rows values, Rows attended, Heads heads, Sequences sequences, int threads) {
        attend(queries, keys, values, attended, heads, sequences, true, threads);
    }

    private static void attend(
            Rows queries,
            Rows keys,
            Rows values,
            Rows attended,
            Heads heads,
            Sequences sequences,
            boolean causal,
            int threads) {
        boolean done = attend(
                queries.address(),
                queries.rowStride(),
                queries.headStride(),
                keys.address(),
                keys.rowStride(),
                keys.headStride(),
                values.address(),
                values.rowStride(),
                values.headStride(),
                attended.address(),
                attended.rowStride(),
                attended.headStride(),
                heads.keyValues(),
                heads.group(),
                heads.size(),
                sequences.address(),
                sequences.count(),
                sequences.blocks(),
                sequences.blockSizeTokens(),
                causal,
                threads);
        if (!done) {
            throw new OutOfMemoryError("no memory for the values of " + sequences.count() + " sequences");
        }
    }

    private static native boolean attend(
            long queries,
            long queryRowStride,
            long queryHeadStride,
            long keys,
            long keyRowStride,
            long keyHeadStride,
            long values,
            long valueRowStride,
            long valueHeadStride,
            long attended,
            long attendedRowStride,
            long attendedHeadStride,
            int keyValueHeads,
            int group,
            int headSize,
            long sequences,
            int sequenceCount,
            long blocks,
            int blockSizeTokens,
            boolean causal,
            int threads);
}
