package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.preprocessing.media.MediaLimits;

/**
 * Computes the size that a picture is given: as near its own as multiples of 28 and the pixel bounds allow
 * (transformers, smart_resize).
 */
public final class SmartResize {
    /** preprocessor_config.json, patch_size times merge_size. */
    public static final int FACTOR = 28;

    private SmartResize() {}

    /**
     * The size of a picture whose header was inspected, so that its aspect ratio is at most {@link
     * MediaLimits#MAX_ASPECT_RATIO}.
     *
     * @param width of the upright picture
     * @param height of the upright picture
     */
    public static ResizedSize fit(int width, int height, PixelBounds bounds) {
        if (Math.max(width, height) > (long) MediaLimits.MAX_ASPECT_RATIO * Math.min(width, height)) {
            throw new IllegalArgumentException("expected an inspected picture, found " + width + " x " + height);
        }
        long fittedWidth = roundToFactor(width);
        long fittedHeight = roundToFactor(height);
        double pixels = (double) width * height;
        if (fittedWidth * fittedHeight > bounds.maxPixels()) {
            double shrink = Math.sqrt(pixels / bounds.maxPixels());
            fittedWidth = Math.max(FACTOR, (long) Math.floor(width / shrink / FACTOR) * FACTOR);
            fittedHeight = Math.max(FACTOR, (long) Math.floor(height / shrink / FACTOR) * FACTOR);
        } else if (fittedWidth * fittedHeight < bounds.minPixels()) {
            double grow = Math.sqrt(bounds.minPixels() / pixels);
            fittedWidth = (long) Math.ceil(width * grow / FACTOR) * FACTOR;
            fittedHeight = (long) Math.ceil(height * grow / FACTOR) * FACTOR;
        }
        return new ResizedSize(Math.toIntExact(fittedWidth), Math.toIntExact(fittedHeight));
    }

    /** Rounds to the nearest multiple, a half to the even one, as Python's round does. */
    private static long roundToFactor(int side) {
        return (long) Math.rint((double) side / FACTOR) * FACTOR;
    }
}
