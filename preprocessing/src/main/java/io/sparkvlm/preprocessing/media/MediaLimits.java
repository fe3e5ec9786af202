package io.sparkvlm.preprocessing.media;

/**
 * How much of a file is taken in before anything decodes it.
 *
 * @param maxFileBytes of one encoded image
 * @param maxPixels width times height of one image; three bytes each must fit an array
 */
public record MediaLimits(int maxFileBytes, int maxPixels) {
    /** 100 MiB, and Pillow's own limit, twice its MAX_IMAGE_PIXELS. */
    public static final MediaLimits DEFAULT = new MediaLimits(100 << 20, 178_956_970);

    /** The largest array that every JVM can make. */
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    public MediaLimits {
        if (maxFileBytes < 1 || maxFileBytes > MAX_ARRAY_BYTES) {
            throw new IllegalArgumentException(
                    "expected maxFileBytes from 1 to " + MAX_ARRAY_BYTES + ", found " + maxFileBytes);
        }
        if (maxPixels < 1 || maxPixels > MAX_ARRAY_BYTES / 3) {
            throw new IllegalArgumentException(
                    "expected maxPixels from 1 to " + MAX_ARRAY_BYTES / 3 + ", found " + maxPixels);
        }
    }
}
