package io.sparkvlm.api;

/**
 * The three rotary positions of every prompt token (Qwen2-VL, section 2.1: multimodal rotary position embedding).
 *
 * @param temporal one for each token
 * @param height one for each token
 * @param width one for each token
 * @param next the position, on all three axes, of the first token generated; those after it count on from there
 */
public record MropePositions(int[] temporal, int[] height, int[] width, int next) {
    public MropePositions {
        if (temporal.length != height.length || temporal.length != width.length) {
            throw new IllegalArgumentException("expected axes of one length, found " + temporal.length + ", "
                    + height.length + " and " + width.length);
        }
    }

    public int tokens() {
        return temporal.length;
    }
}
