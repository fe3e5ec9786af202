package io.sparkvlm.api;

import java.util.List;

/**
 * What the model reads.
 *
 * @param tokenIds the whole prompt, each image's or video's placeholder repeated to its number of language tokens
 * @param positions as many as there are token ids
 * @param vision what replaces the placeholders, in the order of their places
 */
public record Prompt(int[] tokenIds, MropePositions positions, List<VisionInput> vision) {
    public Prompt {
        if (tokenIds.length == 0) {
            throw new IllegalArgumentException("expected at least one token, found none");
        }
        if (positions.tokens() != tokenIds.length) {
            throw new IllegalArgumentException(
                    "expected positions for " + tokenIds.length + " tokens, found " + positions.tokens());
        }
        vision = List.copyOf(vision);
        int next = 0;
        for (VisionInput input : vision) {
            if (input.firstToken() < next || input.firstToken() + input.tokens() > tokenIds.length) {
                throw new IllegalArgumentException("expected " + input.tokens() + " vision tokens between " + next
                        + " and " + tokenIds.length + ", found them at " + input.firstToken());
            }
            next = input.firstToken() + input.tokens();
        }
    }

    public int tokens() {
        return tokenIds.length;
    }
}
