package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.PatchGrid;
import java.util.List;

/**
 * A conversation as token ids, before the sizes of its media are known.
 *
 * @param tokenIds one placeholder for each medium
 * @param placeholders from left to right
 */
public record ChatPrompt(int[] tokenIds, List<Placeholder> placeholders) {
    public ChatPrompt {
        placeholders = List.copyOf(placeholders);
    }

    /**
     * How long it is with its media: known from headers, before any decoding.
     *
     * @param grids of the media, in the order of the conversation
     */
    public long tokens(List<PatchGrid> grids) {
        return PlaceholderExpansion.expandedTokens(tokenIds, grids);
    }

    /**
     * The prompt with its media's tokens.
     *
     * @param grids of the media, in the order of the conversation
     */
    public ExpandedPrompt expand(List<PatchGrid> grids) {
        return PlaceholderExpansion.expand(tokenIds, placeholders, grids);
    }
}
