package io.sparkvlm.preprocessing.video;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What probing found in the video stream of a file that is decoded.
 *
 * @param width upright, in pixels
 * @param height upright, in pixels
 * @param frames that are shown, as far as packets tell without being decoded
 * @param framesPerSecond on average, as PyAV's {@code average_rate}; none where the file has no times
 * @param candidates how many video streams the file has, this one among them
 */
public record VideoStream(int width, int height, int frames, OptionalDouble framesPerSecond, int candidates) {
    public VideoStream {
        Objects.requireNonNull(framesPerSecond, "framesPerSecond");
    }
}
