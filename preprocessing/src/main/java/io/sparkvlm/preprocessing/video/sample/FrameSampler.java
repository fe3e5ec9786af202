package io.sparkvlm.preprocessing.video.sample;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.video.VideoStream;
import io.sparkvlm.preprocessing.video.sample.FrameChoice.PerSecond;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Chooses the frames of a file that the model sees. They are counted as qwen-vl-utils' smart_nframes and
 * calculate_video_frame_range count them, in its order of operations, because each rounds; but one frame is repeated,
 * where it gives up.
 */
public final class FrameSampler {
    /** qwen_vl_utils, FPS_MAX_FRAMES. */
    public static final int MAX_FRAMES = 768;
    /** qwen_vl_utils, FPS_MIN_FRAMES. */
    public static final int MIN_FRAMES_DEFAULT = 4;
    /** qwen_vl_utils, FPS. */
    public static final double FRAMES_PER_SECOND_DEFAULT = 2;

    private static final int FACTOR = 2; // qwen_vl_utils, FRAME_FACTOR

    private FrameSampler() {}

    /** The frames' numbers, from 0, an even count of them in order. */
    public static Outcome<List<Integer>> sample(VideoStream stream, FrameChoice choice) {
        if (stream.frames() == 1) {
            return Outcome.ok(List.of(0, 0));
        }
        if (stream.framesPerSecond().isEmpty() && needsTimes(choice)) {
            return rejected(
                    choice, "fps", "the video does not say how many frames a second it has; use nframes instead");
        }
        return range(stream, choice)
                .flatMap(range -> sample(range, stream.framesPerSecond().orElse(1), choice));
    }

    /** The first and the last frame of a part of a file. */
    private record Range(int first, int last) {
        int frames() {
            return last - first + 1;
        }
    }

    private static boolean needsTimes(FrameChoice choice) {
        boolean perSecond = choice.rate().fold(count -> false, rate -> true);
        return perSecond
                || choice.startSeconds().isPresent()
                || choice.endSeconds().isPresent();
    }

    private static Outcome<Range> range(VideoStream stream, FrameChoice choice) {
        int total = stream.frames();
        double rate = stream.framesPerSecond().orElse(1);
        double duration = total / rate;
        double start = Math.min(choice.startSeconds().orElse(0), duration);
        int first = (int) Math.ceil(start * rate);
        int last = choice.endSeconds().isEmpty()
                ? total - 1
                : Math.min((int) Math.floor(Math.min(choice.endSeconds().getAsDouble(), duration) * rate), total - 1);
        boolean whole = choice.startSeconds().isEmpty() && choice.endSeconds().isEmpty();
        return whole || first < last
                ? Outcome.ok(new Range(first, last))
                : rejected(
                        choice,
                        choice.startSeconds().isPresent() ? "video_start" : "video_end",
                        String.format(
                                Locale.ROOT,
                                "expected at least two frames between video_start and video_end, found none in a video"
                                        + " of %.2f s",
                                duration));
    }

    private static Outcome<List<Integer>> sample(Range range, double framesPerSecond, FrameChoice choice) {
        int total = range.frames();
        int frames = choice.rate()
                .fold(count -> nearestEven(count.frames()), rate -> perSecond(rate, total, framesPerSecond));
        if (frames < FACTOR || frames > total) {
            return rejected(
                    choice,
                    "nframes",
                    "expected from " + FACTOR + " to " + total
                            + " frames, as many as there are to choose from, but got " + frames + " instead");
        }
        float[] places = FloatLinspace.of(range.first(), range.last(), frames);
        return Outcome.ok(IntStream.range(0, frames)
                .mapToObj(i -> (int) Math.rint(places[i])) // torch rounds a half to the even number
                .toList());
    }

    private static int perSecond(PerSecond rate, int total, double framesPerSecond) {
        int least = (rate.minFrames() + FACTOR - 1) / FACTOR * FACTOR;
        int most = rate.maxFrames().orElse(Math.min(MAX_FRAMES, total)) / FACTOR * FACTOR;
        double wanted = total / framesPerSecond * rate.framesPerSecond();
        double frames = Math.min(Math.min(Math.max(wanted, least), most), total);
        return (int) Math.floor(frames / FACTOR) * FACTOR;
    }

    private static int nearestEven(int frames) {
        return (int) Math.rint((double) frames / FACTOR) * FACTOR;
    }

    private static <T> Outcome<T> rejected(FrameChoice choice, String field, String message) {
        String path = choice.path() + "." + field;
        return Outcome.rejected(
                Rejection.at(path, RequestCode.INVALID_VALUE, "Invalid '" + path + "': " + message + "."));
    }
}
