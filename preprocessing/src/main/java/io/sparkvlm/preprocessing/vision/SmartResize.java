package io.sparkvlm.preprocessing.vision;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.preprocessing.media.MediaLimits;

/**
 * Computes the size that a picture is given: as near its own as the pixel bounds and multiples of a token's sides allow
 * (transformers, smart_resize).
 */
public final class SmartResize {
    private SmartResize() {}

    /**
     * The size of a picture whose header was inspected, so that its aspect ratio is at most {@link
     * MediaLimits#MAX_ASPECT_RATIO}.
     *
     * @param width of the upright picture
     * @param height of the upright picture
     */
    public static ResizedSize fit(int width, int height, PixelBounds bounds, PatchGeometry geometry) {
        if (Math.max(width, height) > (long) MediaLimits.MAX_ASPECT_RATIO * Math.min(width, height)) {
            throw new IllegalArgumentException("expected an inspected picture, found " + width + " x " + height);
        }
        int factor = geometry.tokenPixels();
        long fittedWidth = roundTo(factor, width);
        long fittedHeight = roundTo(factor, height);
        double pixels = (double) width * height;
        if (fittedWidth * fittedHeight > bounds.maxPixels()) {
            double shrink = Math.sqrt(pixels / bounds.maxPixels());
            fittedWidth = Math.max(factor, (long) Math.floor(width / shrink / factor) * factor);
            fittedHeight = Math.max(factor, (long) Math.floor(height / shrink / factor) * factor);
        } else if (fittedWidth * fittedHeight < bounds.minPixels()) {
            double grow = Math.sqrt(bounds.minPixels() / pixels);
            fittedWidth = (long) Math.ceil(width * grow / factor) * factor;
            fittedHeight = (long) Math.ceil(height * grow / factor) * factor;
        }
        return new ResizedSize(Math.toIntExact(fittedWidth), Math.toIntExact(fittedHeight));
    }

    /** Rounds to the nearest multiple, a half to the even one, as Python's round does. */
    private static long roundTo(int factor, int side) {
        return (long) Math.rint((double) side / factor) * factor;
    }
}
