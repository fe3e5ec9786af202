package io.sparkvlm.preprocessing.video.sample;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The frames of a video file that a request wants.
 *
 * @param rate how many of them
 * @param startSeconds where the part of the file begins that they are taken from
 * @param endSeconds where that part ends
 * @param path of the object in the request that says so, as {@code messages[0].content[1].video_url}
 */
public record FrameChoice(Rate rate, OptionalDouble startSeconds, OptionalDouble endSeconds, String path) {
    public FrameChoice {
        Objects.requireNonNull(rate, "rate");
        Objects.requireNonNull(startSeconds, "startSeconds");
        Objects.requireNonNull(endSeconds, "endSeconds");
        Objects.requireNonNull(path, "path");
    }

    /** How many frames: a number, or so many a second. */
    public sealed interface Rate {
        /** Applies whichever of the two functions fits. */
        <R> R fold(Function<Count, R> onCount, Function<PerSecond, R> onPerSecond);
    }

    /** A number of frames, to the nearest even one. */
    public record Count(int frames) implements Rate {
        @Override
        public <R> R fold(Function<Count, R> onCount, Function<PerSecond, R> onPerSecond) {
            return onCount.apply(this);
        }
    }

    /**
     * A number of frames for each second.
     *
     * @param minFrames at least so many, where the file has them
     * @param maxFrames at most so many; by default what a video may have
     */
    public record PerSecond(double framesPerSecond, int minFrames, OptionalInt maxFrames) implements Rate {
        public PerSecond {
            Objects.requireNonNull(maxFrames, "maxFrames");
        }

        @Override
        public <R> R fold(Function<Count, R> onCount, Function<PerSecond, R> onPerSecond) {
            return onPerSecond.apply(this);
        }
    }
}
