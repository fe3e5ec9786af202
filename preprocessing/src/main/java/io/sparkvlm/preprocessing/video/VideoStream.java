package io.sparkvlm.preprocessing.video;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What probing found in a video file's first video stream.
 *
 * @param width upright, in pixels
 * @param height upright, in pixels
 * @param frames that are shown, as far as packets tell without being decoded
 * @param framesPerSecond on average, as PyAV's {@code average_rate}; none where the file has no times
 */
public record VideoStream(int width, int height, int frames, OptionalDouble framesPerSecond) {
    public VideoStream {
        Objects.requireNonNull(framesPerSecond, "framesPerSecond");
    }
}
