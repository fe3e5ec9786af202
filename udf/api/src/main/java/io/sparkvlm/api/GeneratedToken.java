package io.sparkvlm.api;

import java.util.Optional;

/**
 * A token as it was chosen.
 *
 * @param logprobs present when the task asked for them
 */
public record GeneratedToken(int id, Optional<Logprobs> logprobs) {
    /**
     * Natural logarithms of the model's own probabilities, before temperature, penalties and truncation.
     *
     * @param chosen of the token itself
     * @param topIds the likeliest tokens, the likeliest first; as many as were asked for
     * @param top their log-probabilities
     */
    public record Logprobs(float chosen, int[] topIds, float[] top) {}
}
