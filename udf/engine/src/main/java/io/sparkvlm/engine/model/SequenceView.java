package io.sparkvlm.engine.model;

import org.bytedeco.pytorch.Tensor;

/**
 * The slots of a cache that sequences read, in the order of their tokens.
 *
 * <p>Blocks that lie one after the other are read where they are; others are gathered first.
 */
final class SequenceView {
    private final Tensor blockIndices; // int64, [blocks]
    private final int firstBlock;
    private final int blocks;
    private final boolean adjacent;
    private final int blockSizeTokens;

    SequenceView(int[] blocks, int blockSizeTokens, Tensor blockIndices) {
        this.blockIndices = blockIndices;
        this.firstBlock = blocks[0];
        this.blocks = blocks.length;
        this.adjacent = areAdjacent(blocks);
        this.blockSizeTokens = blockSizeTokens;
    }

    /** Keys or values [heads, slots of these blocks, head size] out of those of the whole cache. */
    Tensor of(Tensor cached) {
        if (adjacent) {
            return cached.narrow(1, (long) firstBlock * blockSizeTokens, (long) blocks * blockSizeTokens);
        }
        long heads = cached.size(0);
        long headSize = cached.size(2);
        // Whole blocks are copied, not single slots: one long run of memory for each index.
        return cached.view(heads, -1, blockSizeTokens * headSize)
                .index_select(1, blockIndices)
                .view(heads, -1, headSize);
    }

    private static boolean areAdjacent(int[] blocks) {
        for (int i = 1; i < blocks.length; i++) {
            if (blocks[i] != blocks[i - 1] + 1) {
                return false;
            }
        }
        return true;
    }
}
