package io.sparkvlm.engine;

import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceSpec;

/** Decides how many blocks the key-value cache gets. */
final class CacheSize {
    /** A GPU is the engine's own: what the weights left, less room for activations. */
    private static final double SHARE_OF_FREE_GPU = 0.85;

    /** The host's memory is shared with Spark's heaps, decoders and the page cache. */
    private static final double SHARE_OF_FREE_HOST = 0.25;

    private CacheSize() {}

    /**
     * As many as the configured bytes of each device hold; without them a share of what is free, but no more than the sequences that run
     * at once can fill.
     *
     * @param bytesPerBlock on one device, for all ranks that compute there
     * @throws IllegalArgumentException when not even one block fits
     */
    static int blocks(EngineConfig config, int maxModelLen, long bytesPerBlock) {
        CacheConfig cache = config.cache();
        long bytes = cache.keyValueBytes().orElseGet(() -> config.mesh().devices().stream()
                .distinct()
                .mapToLong(device -> (long) (share(device) * DeviceMemory.freeBytes(device)))
                .min()
                .orElseThrow());
        long blocks = bytes / bytesPerBlock;
        if (cache.keyValueBytes().isEmpty()) {
            long perSequence = (maxModelLen + cache.blockSizeTokens() - 1L) / cache.blockSizeTokens();
            blocks = Math.min(blocks, perSequence * config.maxNumSeqs());
        }
        if (blocks < 1) {
            throw new IllegalArgumentException("expected kv-cache-memory-bytes of at least one block of "
                    + bytesPerBlock + " bytes, found " + bytes);
        }
        return Math.toIntExact(Math.min(blocks, Integer.MAX_VALUE / cache.blockSizeTokens()));
    }

    private static double share(DeviceSpec device) {
        return switch (device.kind()) {
            case CPU -> SHARE_OF_FREE_HOST;
            case CUDA -> SHARE_OF_FREE_GPU;
        };
    }
}
