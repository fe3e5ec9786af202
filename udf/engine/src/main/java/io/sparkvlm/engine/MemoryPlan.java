package io.sparkvlm.engine;

import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.torch.device.DeviceSpec;
import java.io.IOException;

/**
 * How an engine divides the memory of a device, known before a weight is read.
 *
 * @param deviceBytes that the device has
 * @param besideBytes that others take of it: CUDA itself, or this process's heap and the decoders
 * @param blocks that the key-value cache gets; 0 where there is no room for one
 * @param blockSizeTokens of a block
 * @param maxModelLen tokens of the longest prompt and answer
 */
public record MemoryPlan(
        ModelMemory model, long deviceBytes, long besideBytes, int blocks, int blockSizeTokens, int maxModelLen) {
    /** What CUDA's context takes of a GPU. */
    private static final long CUDA_BYTES = 500_000_000L;

    /** Some decoders at work, of which each takes 1.1 GB at most and usually much less: docs/how-to/cluster.md. */
    private static final long DECODERS_BYTES = 1_000_000_000L;

    /**
     * Divides a device's memory.
     *
     * @throws IllegalArgumentException where the model has no such context, or is not to be divided so
     */
    public static MemoryPlan of(EngineConfig config, PlannedModel planned, long deviceBytes) throws IOException {
        return of(config, planned, ModelMemory.of(config, planned), deviceBytes);
    }

    /** The same, of a model that was counted for this configuration before. */
    public static MemoryPlan of(EngineConfig config, PlannedModel planned, ModelMemory model, long deviceBytes) {
        int maxModelLen = config.contextOf(planned.config().maxPositionEmbeddings());
        DeviceSpec.Kind kind = config.mesh().device(0).kind();
        long besideBytes =
                switch (kind) {
                    case CPU -> Runtime.getRuntime().maxMemory() + DECODERS_BYTES;
                    case CUDA -> CUDA_BYTES;
                };
        int blocks = new CacheSize(config, maxModelLen, model.cacheBytesPerBlock(), model.stepBytes())
                .blocksOfFree(kind, deviceBytes - besideBytes - model.mostWeightBytes());
        return new MemoryPlan(
                model, deviceBytes, besideBytes, blocks, config.cache().blockSizeTokens(), maxModelLen);
    }

    public long cacheBytes() {
        return blocks * model.cacheBytesPerBlock();
    }

    /** What no part of the plan takes; below 0 where the plan needs more than there is. */
    public long leftBytes() {
        return deviceBytes - besideBytes - model.mostWeightBytes() - cacheBytes() - model.stepBytes();
    }

    /** Sequences of so many tokens, prompt and answer, whose keys and values fit at once. */
    public long sequences(int tokens) {
        return blocks / blocksOf(tokens);
    }

    /** What the device must have at least for sequences of so many tokens, one after the other. */
    public long neededBytes(int tokens) {
        return besideBytes
                + model.mostWeightBytes()
                + model.stepBytes()
                + blocksOf(tokens) * model.cacheBytesPerBlock();
    }

    /** Whether there is room for all of it, and for keys and values of a sequence of this length. */
    public boolean fits(int tokens) {
        return tokens <= maxModelLen && leftBytes() >= 0 && sequences(tokens) >= 1;
    }

    private long blocksOf(int tokens) {
        return (tokens + blockSizeTokens - 1L) / blockSizeTokens;
    }
}
