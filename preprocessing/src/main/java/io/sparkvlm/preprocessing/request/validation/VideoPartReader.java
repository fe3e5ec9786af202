package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.video.sample.FrameSampler;
import io.sparkvlm.preprocessing.vision.FrameBudget;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.ArrayList;
import java.util.List;

/** Reads where a video is, a file or its frames, and how large each frame may be made. */
final class VideoPartReader {
    /** qwen_vl_utils, MODEL_SEQ_LEN: the tokens that one video may take. */
    private static final long MAX_TOTAL_PIXELS = 128_000L * PixelBounds.TOKEN_PIXELS;

    /** They choose frames of a file; a list of frames is taken as it is. */
    private static final List<String> MEANINGLESS = List.of("fps", "nframes", "min_frames", "max_frames", "sample_fps");

    private static final List<String> REFUSED_WITH_FRAMES = List.of("video_start", "video_end");

    private static final List<String> REFUSED = List.of("resized_height", "resized_width");

    private final double framesPerSecond;

    /** @param framesPerSecond of files whose part says neither a rate nor a number */
    VideoPartReader(double framesPerSecond) {
        this.framesPerSecond = framesPerSecond;
    }

    /** @param urlField the field that holds the file or the frames */
    MediaPart read(Fields video, String urlField) throws InvalidRequestException {
        WireValue where = video.required(urlField);
        boolean text = where.node().isTextual();
        if (!text && !where.node().isArray()) {
            throw FieldChecks.wrongType(where, "a video file's URL or an array of frame images");
        }
        if (text && !JpegFramesUrl.matches(FieldChecks.string(where))) {
            MediaReference file = PartReader.reference(where, MediaKind.VIDEO);
            MediaPart part =
                    new MediaPart.VideoFile(file, FrameChoiceReader.read(video, framesPerSecond), budget(video));
            video.refuse(REFUSED, "is not supported: use min_pixels and max_pixels");
            return part;
        }
        List<MediaReference> frames = text ? JpegFramesUrl.frames(where) : frames(where);
        requireAtMost(frames, where);
        judgeFrameChoice(video);
        FrameBudget budget = budget(video);
        video.refuse(REFUSED_WITH_FRAMES, "is not supported with an array of frames");
        video.refuse(REFUSED, "is not supported: use min_pixels and max_pixels");
        int seen = frames.size() + frames.size() % 2; // the last of an odd count is repeated
        return new MediaPart.Pictures(MediaKind.VIDEO, frames, budget.of(seen));
    }

    private static FrameBudget budget(Fields video) throws InvalidRequestException {
        PixelFields asked = PixelFields.read(video);
        return new FrameBudget(asked.min(), asked.max(), video.integer("total_pixels", 1, MAX_TOTAL_PIXELS));
    }

    private static List<MediaReference> frames(WireValue value) throws InvalidRequestException {
        List<MediaReference> frames = new ArrayList<>();
        for (WireValue element : FieldChecks.nonEmptyArray(value)) {
            frames.add(PartReader.reference(element, MediaKind.VIDEO));
        }
        return frames;
    }

    private static void requireAtMost(List<MediaReference> frames, WireValue value) throws InvalidRequestException {
        if (frames.size() > FrameSampler.MAX_FRAMES) {
            throw FieldChecks.tooLong(value.path(), FrameSampler.MAX_FRAMES, frames.size());
        }
    }

    private static void judgeFrameChoice(Fields video) throws InvalidRequestException {
        FrameChoiceReader.framesPerSecond(video, "fps");
        video.integer("nframes", 1, FrameSampler.MAX_FRAMES);
        video.integer("min_frames", 1, FrameSampler.MAX_FRAMES);
        video.integer("max_frames", 1, FrameSampler.MAX_FRAMES);
        video.ignore(MEANINGLESS, "has no effect on an array of frames");
    }
}
