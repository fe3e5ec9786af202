package io.sparkvlm.torch;

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
}
