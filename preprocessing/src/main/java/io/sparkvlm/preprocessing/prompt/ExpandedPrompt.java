package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.MropePositions;
import java.util.List;

/**
 * What the model reads, but for the pixels.
 *
 * @param tokenIds each placeholder repeated to its medium's language tokens
 * @param places where each medium's tokens start, from left to right
 */
public record ExpandedPrompt(int[] tokenIds, MropePositions positions, List<Placeholder> places) {
    public ExpandedPrompt {
        places = List.copyOf(places);
    }
}
