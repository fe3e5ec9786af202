package io.sparkvlm.api;

import java.util.Objects;
import java.util.Optional;

/**
 * One prompt and how it is to be continued.
 *
 * @param constraint which tokens the answer may be made of; empty allows all
 * @param listener told each token as it is chosen, on the engine's thread
 */
public record GenerationTask(
        Prompt prompt,
        SamplingParams sampling,
        StopRules stop,
        Optional<TokenConstraint> constraint,
        TokenListener listener) {
    public GenerationTask {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(constraint, "constraint");
        Objects.requireNonNull(listener, "listener");
    }

    /** A task whose answer may be made of all tokens. */
    public GenerationTask(Prompt prompt, SamplingParams sampling, StopRules stop, TokenListener listener) {
        this(prompt, sampling, stop, Optional.empty(), listener);
    }

    /** The same task whose tokens are chosen otherwise. */
    public GenerationTask sampledBy(SamplingParams other) {
        return new GenerationTask(prompt, other, stop, constraint, listener);
    }

    /** The same task with another listener. */
    public GenerationTask heardBy(TokenListener other) {
        return new GenerationTask(prompt, sampling, stop, constraint, other);
    }
}
