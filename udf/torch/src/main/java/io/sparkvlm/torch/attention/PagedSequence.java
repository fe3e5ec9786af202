package io.sparkvlm.torch.attention;

import java.util.Arrays;
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
        return sequences.stream()
                .flatMapToInt(sequence -> Arrays.stream(sequence.blocks, 0, sequence.blocksOf(blockSizeTokens)))
                .toArray();
    }
}
