package io.sparkvlm.preprocessing.video;

import java.util.Objects;

/**
 * What a video file's own structure says, read before native code sees a byte.
 *
 * @param width of the first video track's frames as stored, in pixels
 * @param height of the first video track's frames as stored, in pixels
 */
public record VideoHeader(VideoContainer container, int width, int height) {
    public VideoHeader {
        Objects.requireNonNull(container, "container");
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "expected a width and height of at least 1, found " + width + " x " + height);
        }
    }
}
