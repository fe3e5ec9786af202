package io.sparkvlm.torch.attention;

/**
 * Heads whose keys and values lie in blocks of a cache.
 *
 * @param queries heads; as many of each key-value head
 * @param size of a head
 * @param blockSizeTokens slots of a block
 */
public record PagedHeads(int queries, int keyValues, int size, int blockSizeTokens) {
    /** Query heads of each key-value head. */
    int group() {
        return queries / keyValues;
    }
}
