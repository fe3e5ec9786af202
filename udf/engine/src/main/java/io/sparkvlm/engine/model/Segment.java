package io.sparkvlm.engine.model;

import io.sparkvlm.torch.attention.PagedSequence;

/**
 * One sequence's part of a step.
 *
 * @param firstRow of the step
 * @param rows new tokens, starting at firstRow
 * @param context tokens that are in the cache already
 * @param blockTable the sequence's cache blocks in order; they have room for the context and the new tokens
 * @param wantsLogits whether the step returns the logits of the segment's last row
 */
public record Segment(int firstRow, int rows, int context, int[] blockTable, boolean wantsLogits) {
    public Segment {
        if (firstRow < 0 || rows < 1 || context < 0) {
            throw new IllegalArgumentException("expected a first row and context of at least 0 and rows of at least 1,"
                    + " found " + firstRow + ", " + context + " and " + rows);
        }
    }

    /** Tokens that the sequence has once the step is done. */
    public int length() {
        return context + rows;
    }

    /** Blocks that those take. */
    int blocks(int blockSizeTokens) {
        return (length() + blockSizeTokens - 1) / blockSizeTokens;
    }

    PagedSequence inBlocks() {
        return new PagedSequence(firstRow, rows, context, blockTable);
    }

    int lastRow() {
        return firstRow + rows - 1;
    }
}
