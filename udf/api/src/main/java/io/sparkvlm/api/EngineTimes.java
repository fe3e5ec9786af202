package io.sparkvlm.api;

import java.time.Duration;

/**
 * Where the engine's thread has spent its time since it opened. On a GPU, which computes behind the thread's back, what
 * vision, prefill and decode left to compute is part of sampling, which waits for it.
 *
 * @param idle with nothing to do
 * @param vision in the vision tower
 * @param prefill in the language model, in steps that compute more than one token of some sequence
 * @param decode in the language model, in steps that compute one token of each sequence
 * @param sampling choosing tokens
 * @param other planning steps and telling what came of them
 */
public record EngineTimes(
        Duration idle, Duration vision, Duration prefill, Duration decode, Duration sampling, Duration other) {
    public static final EngineTimes NONE =
            new EngineTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
