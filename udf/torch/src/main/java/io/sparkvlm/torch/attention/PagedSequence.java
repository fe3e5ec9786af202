package io.sparkvlm.torch.attention;

import java.util.List;

/**
 * One sequence's part of a step.
 *
 * @param firstRow of the step's rows
 * @param rows new tokens
 * @param context tokens before them
 * @param blocks the blocks of its tokens, in order; there may be more
 */
public record PagedSequence(int firstRow, int rows, int context, int[] blocks) {
    int blocksOf(int blockSizeTokens) {
        return (context + rows + blockSizeTokens - 1) / blockSizeTokens;
    }

    /** The blocks of all their tokens, one sequence's after the other's. */
    static int[] blockTable(List<PagedSequence> sequences, int blockSizeTokens) {
        int[] table = new int
                [sequences.stream()
                        .mapToInt(sequence -> sequence.blocksOf(blockSizeTokens))
                        .sum()];
        int filled = 0;
        for (PagedSequence sequence : sequences) {
            int own = sequence.blocksOf(blockSizeTokens);
            System.arraycopy(sequence.blocks, 0, table, filled, own);
            filled += own;
        }
        return table;
    }
}
