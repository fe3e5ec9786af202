package io.sparkvlm.engine.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Finds the blocks of the pool that a sequence can begin with, because another began with the same tokens and media, and
 * offers what it computed to others in its turn.
 */
final class PrefixCache {
    private final PrefixCaching caching;
    private final BlockPool pool;
    private final Map<Sequence, BlockKeys> keys = new HashMap<>();

    PrefixCache(PrefixCaching caching, BlockPool pool) {
        this.caching = caching;
        this.pool = pool;
    }

    void add(Sequence sequence) {
        keys.put(sequence, new BlockKeys(pool.blockSizeTokens(), sequence.media(), sequence::tokenId));
    }

    void remove(Sequence sequence) {
        keys.remove(sequence);
    }

    /** The blocks that hold what the sequence begins with. Its last token is never among it: the next one follows from it. */
    List<Integer> find(Sequence sequence) {
        List<Integer> found = new ArrayList<>();
        for (int block = 0; block < sharable(sequence); block++) {
            OptionalInt holder = pool.find(keys.get(sequence).of(block));
            if (holder.isEmpty()) {
                break;
            }
            found.add(holder.getAsInt());
        }
        return found;
    }

    /** Whether one of these sequences is about to compute the block after those that were found for this one. */
    boolean isBeingComputed(Sequence sequence, int block, List<Sequence> running) {
        if (block >= sharable(sequence)) {
            return false;
        }
        int end = (block + 1) * pool.blockSizeTokens();
        BlockKey wanted = keys.get(sequence).of(block);
        return running.stream()
                .anyMatch(other -> other.computed() < end
                        && other.length() >= end
                        && keys.get(other).of(block).equals(wanted));
    }

    /** Offers the blocks that the sequence has filled with its tokens from this one on. */
    void publish(Sequence sequence, int fromToken) {
        int full = caching == PrefixCaching.ON ? sequence.computed() / pool.blockSizeTokens() : 0;
        for (int block = fromToken / pool.blockSizeTokens(); block < full; block++) {
            pool.publish(sequence.block(block), keys.get(sequence).of(block));
        }
    }

    private int sharable(Sequence sequence) {
        return caching == PrefixCaching.ON ? (sequence.length() - 1) / pool.blockSizeTokens() : 0;
    }
}
