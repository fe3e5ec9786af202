package io.sparkvlm.engine;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an engine is opened with; the names are vLLM's where it has them.
 *
 * @param checkpoint a Hugging Face folder
 * @param mesh the devices that the model is split over
 * @param quantization what the matrices of the language model are rounded to
 * @param maxModelLen prompt and generated tokens of one sequence; empty takes the checkpoint's own
 * @param maxNumSeqs sequences that run at once
 * @param maxNumBatchedTokens tokens that one step computes at most
 * @param cache what it keeps of what it computed
 * @param threads that one operator may use on the CPU
 * @param profile where a trace of its steps is written, see {@link io.sparkvlm.engine.profile.TraceFile}
 */
public record EngineConfig(
        Path checkpoint,
        DeviceMesh mesh,
        DType dtype,
        Quantization quantization,
        OptionalInt maxModelLen,
        int maxNumSeqs,
        int maxNumBatchedTokens,
        CacheConfig cache,
        int threads,
        Optional<Path> profile) {
    public EngineConfig {
        if (maxModelLen.isPresent() && maxModelLen.getAsInt() < 2) {
            throw new IllegalArgumentException("expected max-model-len of at least 2, found " + maxModelLen.getAsInt());
        }
        if (threads < 1) {
            throw new IllegalArgumentException("expected threads of at least 1, found " + threads);
        }
    }

    /**
     * Tokens of one sequence of a model.
     *
     * @param ownMaximum max_position_embeddings of its checkpoint
     * @throws IllegalArgumentException where more are configured than that
     */
    int contextOf(int ownMaximum) {
        int context = maxModelLen.orElse(ownMaximum);
        if (context > ownMaximum) {
            throw new IllegalArgumentException("expected max-model-len of at most " + ownMaximum
                    + ", the checkpoint's max_position_embeddings, found " + context);
        }
        return context;
    }

    /** The same on other devices, rounded to something else. */
    public EngineConfig with(DeviceMesh otherMesh, Quantization otherQuantization) {
        return new EngineConfig(
                checkpoint,
                otherMesh,
                dtype,
                otherQuantization,
                maxModelLen,
                maxNumSeqs,
                maxNumBatchedTokens,
                cache,
                threads,
                profile);
    }
}
