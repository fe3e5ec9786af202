package io.sparkvlm.engine;

import io.sparkvlm.torch.device.DeviceMemory;
import io.sparkvlm.torch.device.DeviceSpec;

/** Decides how many blocks the key-value cache gets. */
final class CacheSize {
    /** A GPU is the engine's own: what the weights left, less room for activations. */
    private static final double SHARE_OF_FREE_GPU = 0.85;

    /** The host's memory is shared with Spark's heaps, decoders and the page cache. */
    private static final double SHARE_OF_FREE_HOST = 0.25;

    private final EngineConfig config;
    private final int maxModelLen;
    private final long bytesPerBlock;
    private final long stepBytes;

    /**
     * The rule for one engine.
     *
     * @param bytesPerBlock on one device, for all ranks that compute there
     * @param stepBytes what the largest step works in on one device
     */
    CacheSize(EngineConfig config, int maxModelLen, long bytesPerBlock, long stepBytes) {
        this.config = config;
        this.maxModelLen = maxModelLen;
        this.bytesPerBlock = bytesPerBlock;
        this.stepBytes = stepBytes;
    }

    /**
     * The blocks that the devices have room for now.
     *
     * @throws IllegalArgumentException when not even one block fits
     */
    int blocks() {
        long bytes = config.cache().keyValueBytes().orElseGet(() -> config.mesh().devices().stream()
                .distinct()
                .mapToLong(device -> shareOf(device.kind(), DeviceMemory.freeBytes(device)))
                .min()
                .orElseThrow());
        int blocks = blocks(bytes);
        if (blocks < 1) {
            throw new IllegalArgumentException("expected kv-cache-memory-bytes of at least one block of "
                    + bytesPerBlock + " bytes, found " + bytes);
        }
        return blocks;
    }

    /** The blocks where so much of each device is free; 0 where none fits. */
    int blocksOfFree(DeviceSpec.Kind kind, long freeBytes) {
        return blocks(config.cache().keyValueBytes().orElse(shareOf(kind, freeBytes)));
    }

    /** Those that the bytes hold; where they are not set, no more than the sequences that run at once can fill. */
    private int blocks(long bytes) {
        long blocks = Math.max(0, bytes / bytesPerBlock);
        int blockSizeTokens = config.cache().blockSizeTokens();
        if (config.cache().keyValueBytes().isEmpty()) {
            long perSequence = (maxModelLen + blockSizeTokens - 1L) / blockSizeTokens;
            blocks = Math.min(blocks, perSequence * config.maxNumSeqs());
        }
        return Math.toIntExact(Math.min(blocks, Integer.MAX_VALUE / blockSizeTokens));
    }

    private long shareOf(DeviceSpec.Kind kind, long freeBytes) {
        return switch (kind) {
            case CPU -> (long) (SHARE_OF_FREE_HOST * freeBytes);
            case CUDA -> Math.min((long) (SHARE_OF_FREE_GPU * freeBytes), besideAStep(freeBytes));
        };
    }

    /** Where the largest step leaves no room, half: steps that run out of memory are cut. */
    private long besideAStep(long freeBytes) {
        long left = freeBytes - stepBytes;
        return left >= bytesPerBlock ? left : freeBytes / 2;
    }
}
