package io.sparkvlm.engine.schedule;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Hands out the blocks of the key-value cache (Kwon et al. 2023, "Efficient Memory Management for Large Language Model
 * Serving with PagedAttention", section 4), and remembers what full ones hold, so that a sequence that begins as another
 * did takes its blocks over. A block that no sequence uses keeps what it holds until the pool needs it for another: first
 * those go that hold nothing of use, then the one that has been unused for longest.
 */
public final class BlockPool {
    private final int blockSizeTokens;
    private final int[] users; // sequences that hold the block
    private final BlockKey[] held; // what a full block holds, null where that is not known
    private final Map<BlockKey, Integer> blocks = new HashMap<>();
    private final BitSet blank = new BitSet(); // unused, hold nothing of use
    private final Set<Integer> unused = new LinkedHashSet<>(); // hold something; the longest unused first
    private int freeBlocks; // blank and unused

    public BlockPool(int blocks, int blockSizeTokens) {
        if (blocks < 1 || blockSizeTokens < 1) {
            throw new IllegalArgumentException(
                    "expected at least one block of at least one token, found " + blocks + " of " + blockSizeTokens);
        }
        this.blockSizeTokens = blockSizeTokens;
        this.users = new int[blocks];
        this.held = new BlockKey[blocks];
        this.freeBlocks = blocks;
        blank.set(0, blocks);
    }

    int blocks() {
        return users.length;
    }

    public boolean canTake(int blocks) {
        return blocks <= freeBlocks;
    }

    /** Takes one block for a sequence to write to, whatever it held. */
    public int take() {
        if (freeBlocks == 0) {
            throw new IllegalStateException("no block is free");
        }
        // The lowest first: a sequence whose blocks are adjacent is read where it lies.
        int block = blank.isEmpty() ? unused.iterator().next() : blank.nextSetBit(0);
        blank.clear(block);
        if (unused.remove(block)) {
            blocks.remove(held[block]);
            held[block] = null;
        }
        users[block] = 1;
        freeBlocks--;
        return block;
    }

    /** The block that holds what this key names. */
    OptionalInt find(BlockKey key) {
        Integer block = blocks.get(key);
        return block == null ? OptionalInt.empty() : OptionalInt.of(block);
    }

    /** Whether the block is one of those that {@link #freeBlocks} counts. */
    boolean isFree(int block) {
        return users[block] == 0;
    }

    /** Takes a block that was found, for one more sequence to read. */
    void share(int block) {
        users[block]++;
        if (unused.remove(block)) {
            freeBlocks--;
        }
    }

    /** Notes what a full block holds, for others to find. Where another block holds the same, that one is found. */
    void publish(int block, BlockKey key) {
        if (held[block] == null && blocks.putIfAbsent(key, block) == null) {
            held[block] = key;
        }
    }

    /** Ends a sequence's use of its blocks. */
    public void giveBack(List<Integer> given) {
        for (int i = given.size() - 1; i >= 0; i--) { // the end of a sequence is found less often than its beginning
            int block = given.get(i);
            if (users[block] == 0) {
                throw new IllegalStateException("more blocks were given back than taken");
            }
            users[block]--;
            if (users[block] == 0) {
                freeBlocks++;
                if (held[block] == null) {
                    blank.set(block);
                } else {
                    unused.add(block);
                }
            }
        }
    }

    /** Blocks that no sequence uses. */
    public int freeBlocks() {
        return freeBlocks;
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /** Tokens that the whole pool holds. */
    public long capacityTokens() {
        return (long) users.length * blockSizeTokens;
    }

    /** Blocks that so many tokens take. */
    public int blocksFor(int tokens) {
        return (tokens + blockSizeTokens - 1) / blockSizeTokens;
    }
}
