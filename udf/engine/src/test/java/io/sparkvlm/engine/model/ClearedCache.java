package io.sparkvlm.engine.model;

import java.util.stream.IntStream;

/** A cache all of whose blocks were just taken. */
final class ClearedCache {
    private ClearedCache() {}

    static KvCache of(Qwen2Vl model, int blocks, int blockSizeTokens) {
        KvCache cache = model.newCache(blocks, blockSizeTokens);
        cache.clear(IntStream.range(0, blocks).boxed().toList());
        return cache;
    }
}
