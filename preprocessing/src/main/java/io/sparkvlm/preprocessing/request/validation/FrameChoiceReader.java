package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.video.sample.FrameChoice;
import io.sparkvlm.preprocessing.video.sample.FrameSampler;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads which frames of a video file a part wants: either so many a second, within bounds, or a number of them. */
final class FrameChoiceReader {
    private static final double MAX_FPS = 1e6;
    private static final double MAX_SECONDS = 1e9;
    /** As many as frames are counted in: qwen_vl_utils, FRAME_FACTOR. */
    private static final int LEAST_FRAMES = 2;

    private FrameChoiceReader() {}

    /** @param defaultFps where the video says neither a rate nor a number */
    static FrameChoice read(Fields video, double defaultFps) throws InvalidRequestException {
        OptionalDouble fps = framesPerSecond(video, "fps");
        OptionalInt frames = video.smallInteger("nframes", LEAST_FRAMES, FrameSampler.MAX_FRAMES);
        OptionalInt min = video.smallInteger("min_frames", 1, FrameSampler.MAX_FRAMES);
        OptionalInt max = video.smallInteger("max_frames", LEAST_FRAMES, FrameSampler.MAX_FRAMES);
        video.ignore(List.of("sample_fps"), "has no effect on a video file");
        if (frames.isPresent() && fps.isPresent()) {
            throw FieldChecks.invalid(video.pathOf("nframes"), "expected either fps or nframes, but got both.");
        }
        if (frames.isPresent()) {
            video.ignore(List.of("min_frames", "max_frames"), "has no effect beside nframes");
        }
        if (min.isPresent() && max.isPresent() && min.getAsInt() > max.getAsInt()) {
            throw FieldChecks.invalid(
                    video.pathOf("min_frames"),
                    "expected at most max_frames, " + max.getAsInt() + ", but got " + min.getAsInt() + " instead.");
        }
        OptionalDouble start = video.decimal("video_start", 0, MAX_SECONDS);
        OptionalDouble end = video.decimal("video_end", 0, MAX_SECONDS);
        requireAboveZero(video, "video_end", end);
        if (start.isPresent() && end.isPresent() && start.getAsDouble() >= end.getAsDouble()) {
            throw FieldChecks.invalid(
                    video.pathOf("video_end"),
                    "expected a time after video_start, " + start.getAsDouble() + ", but got " + end.getAsDouble()
                            + " instead.");
        }
        FrameChoice.Rate rate = frames.isPresent()
                ? new FrameChoice.Count(frames.getAsInt())
                : new FrameChoice.PerSecond(fps.orElse(defaultFps), min.orElse(FrameSampler.MIN_FRAMES_DEFAULT), max);
        return new FrameChoice(rate, start, end, video.path());
    }

    static OptionalDouble framesPerSecond(Fields fields, String name) throws InvalidRequestException {
        OptionalDouble fps = fields.decimal(name, 0, MAX_FPS);
        requireAboveZero(fields, name, fps);
        return fps;
    }

    private static void requireAboveZero(Fields video, String field, OptionalDouble value)
            throws InvalidRequestException {
        if (value.isPresent() && value.getAsDouble() == 0) {
            throw InvalidRequestException.at(
                    video.pathOf(field),
                    RequestCode.DECIMAL_BELOW_MIN_VALUE,
                    "Invalid '" + video.pathOf(field)
                            + "': decimal below minimum value. Expected a value > 0, but got 0 instead.");
        }
    }
}
