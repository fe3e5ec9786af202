package io.sparkvlm.api;

import java.util.Objects;

/**
 * One prompt and how it is to be continued.
 *
 * @param listener told each token as it is chosen, on the engine's thread
 */
public record GenerationTask(Prompt prompt, SamplingParams sampling, StopRules stop, TokenListener listener) {
    public GenerationTask {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(listener, "listener");
    }
}
