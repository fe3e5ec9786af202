package io.sparkvlm.api;

import java.time.Duration;
import java.util.List;

/**
 * A finished continuation.
 *
 * @param tokens all that was generated, the stop id that ended it included
 * @param cachedTokens prompt tokens whose keys and values were already in the cache
 */
public record Generation(List<GeneratedToken> tokens, FinishReason finishReason, int cachedTokens, Timing timing) {
    public Generation {
        tokens = List.copyOf(tokens);
    }

    /**
     * Wall-clock times since {@link Engine#submit}.
     *
     * @param queued until the first step that ran the sequence
     * @param firstToken until the first token was chosen
     * @param total until the last one was
     */
    public record Timing(Duration queued, Duration firstToken, Duration total) {}
}
