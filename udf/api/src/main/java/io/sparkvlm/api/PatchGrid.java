package io.sparkvlm.api;

import java.util.Objects;

/**
 * How many patches an image or video has along time, height and width, and what a patch is.
 *
 * @param t frames, divided by those of a temporal patch
 * @param h a multiple of the geometry's merge size
 * @param w as h
 */
public record PatchGrid(int t, int h, int w, PatchGeometry geometry) {
    public PatchGrid {
        Objects.requireNonNull(geometry, "geometry");
        int merge = geometry.mergeSize();
        if (t < 1 || h < 1 || w < 1 || h % merge != 0 || w % merge != 0) {
            throw new IllegalArgumentException("expected a grid with t of at least 1 and h and w that are multiples of "
                    + merge + ", found " + t + " x " + h + " x " + w);
        }
    }

    public int patches() {
        return Math.multiplyExact(Math.multiplyExact(t, h), w);
    }

    public long patchBytes() {
        return (long) patches() * geometry.patchBytes();
    }

    /** Language tokens that the image or video takes in the prompt. */
    public int tokens() {
        return patches() / geometry.patchesPerToken();
    }

    /** Rows of language tokens in one temporal patch. */
    public int tokenRows() {
        return h / geometry.mergeSize();
    }

    /** Columns of language tokens in one temporal patch. */
    public int tokenColumns() {
        return w / geometry.mergeSize();
    }
}
