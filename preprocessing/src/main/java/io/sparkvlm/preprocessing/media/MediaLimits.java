package io.sparkvlm.preprocessing.media;

import java.io.Serializable;

/**
 * Bounds on image files, one by one and all of a request, before anything decodes them.
 *
 * @param maxFileBytes of one encoded image
 * @param maxPixels width times height of one image; three bytes each must fit an array
 * @param maxRowBytes of all encoded images and frames of one request, which are held together
 * @param maxRowPixels of all images and frames of one request, which are decoded one after the other
 */
public record MediaLimits(int maxFileBytes, int maxPixels, long maxRowBytes, long maxRowPixels)
        implements Serializable {
    public static final int DEFAULT_FILE_BYTES = 100 << 20;

    /** Pillow's own limit, twice its MAX_IMAGE_PIXELS. */
    public static final int DEFAULT_PIXELS = 178_956_970;

    public static final MediaLimits DEFAULT = new MediaLimits(DEFAULT_FILE_BYTES, DEFAULT_PIXELS);

    /** transformers, smart_resize: longer shapes of images and frames are an error. */
    public static final int MAX_ASPECT_RATIO = 200;

    /** The largest array that every JVM can make. */
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private static final long MAX_ROW_BYTES = 512L << 20;
    private static final long LARGEST_IMAGES_IN_A_ROW = 16;

    /** A row may have 512 MiB, or one file if that may be larger, and the pixels of sixteen of the largest images. */
    public MediaLimits(int maxFileBytes, int maxPixels) {
        this(maxFileBytes, maxPixels, Math.max(MAX_ROW_BYTES, maxFileBytes), LARGEST_IMAGES_IN_A_ROW * maxPixels);
    }

    public MediaLimits {
        if (maxFileBytes < 1 || maxFileBytes > MAX_ARRAY_BYTES) {
            throw new IllegalArgumentException(
                    "expected max-image-bytes from 1 to " + MAX_ARRAY_BYTES + ", found " + maxFileBytes);
        }
        if (maxPixels < 1 || maxPixels > MAX_ARRAY_BYTES / 3) {
            throw new IllegalArgumentException(
                    "expected max-image-pixels from 1 to " + MAX_ARRAY_BYTES / 3 + ", found " + maxPixels);
        }
        if (maxRowBytes < 1 || maxRowPixels < 1) {
            throw new IllegalArgumentException("expected maxRowBytes and maxRowPixels of at least 1, found "
                    + maxRowBytes + " and " + maxRowPixels);
        }
    }
}
