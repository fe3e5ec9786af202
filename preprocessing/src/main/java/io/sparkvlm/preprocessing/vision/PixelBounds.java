package io.sparkvlm.preprocessing.vision;

import java.io.Serializable;

/** The least and the most pixels of a resized picture, or of a frame of a video. */
public record PixelBounds(long minPixels, long maxPixels) implements Serializable {
    /** What the bounds below are counted in, whatever a checkpoint's patches: qwen-vl-utils, IMAGE_FACTOR squared. */
    public static final int TOKEN_PIXELS = 28 * 28;

    /** The most that a request, or a job, may ask for. */
    public static final long LARGEST = 16_384L * TOKEN_PIXELS;

    // An image's bounds, whatever preprocessor_config.json says.
    public static final long IMAGE_MIN_DEFAULT = 4L * TOKEN_PIXELS;
    public static final long IMAGE_MAX_DEFAULT = 1280L * TOKEN_PIXELS;

    public static final PixelBounds IMAGE_DEFAULT = new PixelBounds(IMAGE_MIN_DEFAULT, IMAGE_MAX_DEFAULT);

    // qwen-vl-utils, vision_process.py
    private static final long VIDEO_FRAME_MIN_PIXELS = 128L * TOKEN_PIXELS;
    private static final long VIDEO_FRAME_MAX_PIXELS = 768L * TOKEN_PIXELS;
    private static final int FRAME_FACTOR = 2;
    private static final double MIN_PIXELS_MARGIN = 1.05;

    /** What a video's frames may have together unless the request says {@code total_pixels}. */
    public static final long VIDEO_TOTAL_PIXELS_DEFAULT = 128_000L * TOKEN_PIXELS * 9 / 10;

    public PixelBounds {
        if (minPixels < 1 || maxPixels < minPixels) {
            throw new IllegalArgumentException(
                    "expected 1 <= min-pixels <= max-pixels, found " + minPixels + " and " + maxPixels);
        }
    }

    /**
     * What each frame of a video may have when the request says nothing.
     *
     * @param frames as many as the model sees: an odd count includes the repeated last frame
     */
    public static PixelBounds videoFrame(int frames) {
        return videoFrame(frames, VIDEO_FRAME_MIN_PIXELS, VIDEO_TOTAL_PIXELS_DEFAULT);
    }

    /**
     * What each frame of a video may have within a budget for all of them.
     *
     * @param frames as many as the model sees: an odd count includes the repeated last frame
     * @param minPixels of a frame
     * @param totalPixels of all frames together
     */
    public static PixelBounds videoFrame(int frames, long minPixels, long totalPixels) {
        if (frames < 1) {
            throw new IllegalArgumentException("expected at least one frame, found " + frames);
        }
        double share = Math.min((double) VIDEO_FRAME_MAX_PIXELS, (double) totalPixels / frames * FRAME_FACTOR);
        long atLeast = (long) (minPixels * MIN_PIXELS_MARGIN);
        return new PixelBounds(minPixels, Math.max((long) share, atLeast));
    }
}
