package io.sparkvlm.engine.schedule;

import java.util.Collection;

/**
 * Hands out the free blocks of the key-value cache (Kwon et al. 2023, "Efficient Memory Management for Large Language Model
 * Serving with PagedAttention", section 4.)
 */
public final class BlockPool {
    private final int blockSizeTokens;
    private final int[] free;
    private int freeBlocks;

    public BlockPool(int blocks, int blockSizeTokens) {
        if (blocks < 1 || blockSizeTokens < 1) {
            throw new IllegalArgumentException(
                    "expected at least one block of at least one token, found " + blocks + " of " + blockSizeTokens);
        }
        this.blockSizeTokens = blockSizeTokens;
        this.free = new int[blocks];
        this.freeBlocks = blocks;
        for (int i = 0; i < blocks; i++) {
            free[i] = blocks - 1 - i;
        }
    }

    public boolean canTake(int blocks) {
        return blocks <= freeBlocks;
    }

    /** Takes one block; its number is the caller's until given back. */
    public int take() {
        if (freeBlocks == 0) {
            throw new IllegalStateException("no block is free");
        }
        freeBlocks--;
        return free[freeBlocks];
    }

    public void giveBack(Collection<Integer> blocks) {
        if (freeBlocks + blocks.size() > free.length) {
            throw new IllegalStateException("more blocks were given back than taken");
        }
        for (int block : blocks) {
            free[freeBlocks] = block;
            freeBlocks++;
        }
    }

    public int freeBlocks() {
        return freeBlocks;
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /** Tokens that the whole pool holds. */
    public long capacityTokens() {
        return (long) free.length * blockSizeTokens;
    }

    /** Blocks that so many tokens take. */
    public int blocksFor(int tokens) {
        return (tokens + blockSizeTokens - 1) / blockSizeTokens;
    }
}
