package io.sparkvlm.engine;

import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.model.StepLimits;
import io.sparkvlm.engine.weights.PlannedModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an engine takes of each of its devices: counted on a model that is loaded in the same way without weights and memory.
 *
 * @param weightBytes of each device, the first of which has the vision tower
 * @param cacheBytesPerBlock keys and values of a block's tokens, on one device
 * @param stepBytes what the largest step works in on one device, at most; an image of more tokens than a pass takes more
 */
public record ModelMemory(List<Long> weightBytes, long cacheBytesPerBlock, long stepBytes) {
    /**
     * Counts a model.
     *
     * @throws IllegalArgumentException naming the dimension that the ranks do not divide, or where the model has no such context
     */
    public static ModelMemory of(EngineConfig config, PlannedModel planned) throws IOException {
        try (Qwen2Vl model = Qwen2Vl.withoutMemory(planned, config.mesh(), config.dtype(), config.quantization())) {
            Map<Object, Long> weights = new LinkedHashMap<>();
            for (int rank = 0; rank < config.mesh().ranks(); rank++) {
                weights.merge(config.mesh().device(rank), model.weightBytes(rank), Long::sum);
            }
            return new ModelMemory(
                    List.copyOf(weights.values()),
                    model.cacheBytesPerBlock(config.cache().blockSizeTokens()),
                    model.stepBytes(limits(config, config.contextOf(model.maxPositions()))));
        }
    }

    static StepLimits limits(EngineConfig config, int maxModelLen) {
        return new StepLimits(config.maxNumBatchedTokens(), config.maxNumSeqs(), maxModelLen);
    }

    /** Those of the device that has most. */
    public long mostWeightBytes() {
        return weightBytes.stream().mapToLong(Long::longValue).max().orElseThrow();
    }
}
