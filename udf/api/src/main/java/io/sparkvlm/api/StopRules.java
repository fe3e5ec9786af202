package io.sparkvlm.api;

import java.util.Set;

/**
 * When a generation ends, as far as token ids can tell; stop strings are the {@link TokenListener}'s business.
 *
 * @param maxTokens at least 1
 * @param minTokens before that many, no stop id can be chosen
 * @param stopIds end the generation when chosen: the end-of-sequence ids unless they are ignored, and the request's own
 */
public record StopRules(int maxTokens, int minTokens, Set<Integer> stopIds) {
    public StopRules {
        if (maxTokens < 1 || minTokens < 0 || minTokens > maxTokens) {
            throw new IllegalArgumentException("expected 0 <= minTokens <= maxTokens and maxTokens >= 1, found "
                    + minTokens + " and " + maxTokens);
        }
        stopIds = Set.copyOf(stopIds);
    }
}
