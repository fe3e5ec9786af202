package io.sparkvlm.engine;

import io.sparkvlm.engine.schedule.PrefixCaching;
import java.util.OptionalLong;

/**
 * What an engine keeps of what it computed.
 *
 * @param blockSizeTokens tokens in a block of the key-value cache
 * @param keyValueBytes of the key-value cache; empty takes a share of the device's free memory, see {@link CacheSize}
 * @param prefixes whether sequences that begin alike share keys and values
 * @param visionBytes of embeddings of images and videos that no sequence reads any more; 0 keeps none
 */
public record CacheConfig(int blockSizeTokens, OptionalLong keyValueBytes, PrefixCaching prefixes, long visionBytes) {
    public CacheConfig {
        if (blockSizeTokens < 1 || visionBytes < 0) {
            throw new IllegalArgumentException("expected blocks of at least 1 token and 0 or more bytes, found "
                    + blockSizeTokens + " and " + visionBytes);
        }
    }
}
