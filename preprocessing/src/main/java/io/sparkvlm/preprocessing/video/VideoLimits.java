package io.sparkvlm.preprocessing.video;

import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaLimits;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * Bounds on a video file and on the time that decoding it may take.
 *
 * @param maxFileBytes of one file
 * @param maxPixels width times height of a frame as it comes; three bytes each must fit an array
 * @param maxFrames in one file, whether the model sees them or not
 * @param decodeTime by the clock, of one file
 */
public record VideoLimits(int maxFileBytes, int maxPixels, int maxFrames, Duration decodeTime) implements Serializable {
    public static final int DEFAULT_FILE_BYTES = 256 << 20;
    public static final int DEFAULT_DECODE_SECONDS = 60;

    /** As many pixels as an image's, and five hours of 60 frames a second. */
    public static final VideoLimits DEFAULT = new VideoLimits(
            DEFAULT_FILE_BYTES, MediaLimits.DEFAULT_PIXELS, 1 << 20, Duration.ofSeconds(DEFAULT_DECODE_SECONDS));

    /** The largest array that every JVM can make. */
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    public VideoLimits {
        Objects.requireNonNull(decodeTime, "decodeTime");
        if (maxFileBytes < 1 || maxFileBytes > MAX_ARRAY_BYTES) {
            throw new IllegalArgumentException(
                    "expected max-video-bytes from 1 to " + MAX_ARRAY_BYTES + ", found " + maxFileBytes);
        }
        if (maxPixels < 1 || maxPixels > MAX_ARRAY_BYTES / 3) {
            throw new IllegalArgumentException(
                    "expected max-image-pixels from 1 to " + MAX_ARRAY_BYTES / 3 + ", found " + maxPixels);
        }
        if (maxFrames < 1) {
            throw new IllegalArgumentException("expected maxFrames of at least 1, found " + maxFrames);
        }
        if (decodeTime.isNegative() || decodeTime.isZero()) {
            throw new IllegalArgumentException(
                    "expected media-decode-timeout above 0, found " + decodeTime.toSeconds());
        }
    }

    /** These of files, the rest by default. */
    public static VideoLimits of(int maxFileBytes, int maxPixels, Duration decodeTime) {
        return new VideoLimits(maxFileBytes, maxPixels, DEFAULT.maxFrames(), decodeTime);
    }

    /**
     * Checks the size of a frame.
     *
     * @throws UnreadableVideoException when a frame is larger, or of a shape that no model sees
     */
    public void requireSize(long width, long height) throws UnreadableVideoException {
        if (width < 1 || height < 1) {
            throw UnreadableVideoException.damaged(
                    "expected frames of at least 1 x 1 pixels, found " + width + " x " + height);
        }
        if (height > maxPixels / width) {
            throw new UnreadableVideoException(
                    MediaFault.TOO_LARGE,
                    "expected frames of at most " + maxPixels + " pixels, found " + width + " x " + height);
        }
        if (Math.max(width, height) > MediaLimits.MAX_ASPECT_RATIO * Math.min(width, height)) {
            throw new UnreadableVideoException(
                    MediaFault.INVALID_ASPECT_RATIO,
                    "expected an aspect ratio of at most " + MediaLimits.MAX_ASPECT_RATIO + ", found " + width + " x "
                            + height);
        }
    }

    /**
     * Checks how many frames a file has.
     *
     * @throws UnreadableVideoException when there are more than may be
     */
    public void requireFrames(long frames) throws UnreadableVideoException {
        if (frames > maxFrames) {
            throw new UnreadableVideoException(
                    MediaFault.TOO_LARGE,
                    "expected at most " + maxFrames + " frames in a file, found " + frames + " or more");
        }
    }
}
