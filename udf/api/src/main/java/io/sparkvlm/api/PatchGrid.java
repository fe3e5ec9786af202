package io.sparkvlm.api;

/**
 * How many patches an image or video has along time, height and width. Two frames make one temporal patch; the vision
 * tower merges 2 x 2 patches into one language token.
 */
public record PatchGrid(int t, int h, int w) {
    /** preprocessor_config.json, merge_size. */
    public static final int MERGE_SIZE = 2;

    public PatchGrid {
        if (t < 1 || h < MERGE_SIZE || w < MERGE_SIZE || h % MERGE_SIZE != 0 || w % MERGE_SIZE != 0) {
            throw new IllegalArgumentException(
                    "expected a grid with t of at least 1 and even h and w, found " + t + " x " + h + " x " + w);
        }
    }

    public int patches() {
        return Math.multiplyExact(Math.multiplyExact(t, h), w);
    }

    /** Language tokens that the image or video takes in the prompt. */
    public int tokens() {
        return patches() / (MERGE_SIZE * MERGE_SIZE);
    }
}
