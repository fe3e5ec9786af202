package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.PatchGrid;
import java.util.List;

/**
 * Computes the rotary position of each token of a prompt. Text counts on along all three axes; an image or video spans
 * its grid from where it starts, and the text after it starts one above the largest position used so far (Qwen2-VL,
 * section 2.1). transformers 5.3 and later let it start at {@code max(h, w)} instead, which overlaps a video of more
 * temporal patches than that; the models were trained with the rule used here.
 */
final class MropePositionIds {
    private MropePositionIds() {}

    /**
     * @param tokens in the whole prompt
     * @param spans in order and apart
     */
    static MropePositions of(int tokens, List<Span> spans) {
        int[] temporal = new int[tokens];
        int[] height = new int[tokens];
        int[] width = new int[tokens];
        int position = 0;
        int token = 0;
        for (Span span : spans) {
            for (; token < span.firstToken(); token++, position++) {
                temporal[token] = height[token] = width[token] = position;
            }
            int rows = span.grid().tokenRows();
            int columns = span.grid().tokenColumns();
            for (int i = 0; i < span.grid().tokens(); i++, token++) {
                temporal[token] = position + i / (rows * columns);
                height[token] = position + i / columns % rows;
                width[token] = position + i % columns;
            }
            position += Math.max(span.grid().t(), Math.max(rows, columns));
        }
        for (; token < tokens; token++, position++) {
            temporal[token] = height[token] = width[token] = position;
        }
        return new MropePositions(temporal, height, width, position);
    }

    /** Where an image's or video's tokens start, and how they are laid out. */
    record Span(int firstToken, PatchGrid grid) {}
}
