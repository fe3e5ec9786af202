package io.sparkvlm.preprocessing.request;

import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Where are the frames of a video, and how large may each be made? Frames only: a video file is refused by name. */
final class VideoReader {
    /** qwen_vl_utils, FPS_MAX_FRAMES. */
    private static final int MAX_FRAMES = 768;
    /** qwen_vl_utils, MODEL_SEQ_LEN: the tokens that one video may take. */
    private static final long MAX_TOTAL_PIXELS = 128_000L * PixelBounds.TOKEN_PIXELS;

    private static final double MAX_FPS = 1e6;

    /** They choose frames of a file; a list of frames is taken as it is. */
    private static final List<String> MEANINGLESS = List.of("fps", "nframes", "min_frames", "max_frames", "sample_fps");

    private static final List<String> REFUSED = List.of("video_start", "video_end", "resized_height", "resized_width");

    /** @param urlField the field that holds the frames */
    MediaPart read(Fields video, String urlField) throws Refused {
        List<MediaReference> frames = frames(video.required(urlField));
        judgeFrameChoice(video);
        PixelFields asked = PixelFields.read(video);
        OptionalLong totalPixels = video.integer("total_pixels", 1, MAX_TOTAL_PIXELS);
        video.refuse(REFUSED, "is not supported with an array of frames");
        return new MediaPart(MediaKind.VIDEO, frames, frameBounds(frames.size(), asked, totalPixels));
    }

    /** qwen_vl_utils, fetch_video: the budget shared among the frames, and no more than the part's own bound. */
    private static PixelBounds frameBounds(int frames, PixelFields asked, OptionalLong totalPixels) {
        int seen = frames + frames % 2; // the last of an odd count is repeated
        PixelBounds defaults = PixelBounds.videoFrame(seen);
        // Where one bound is set across the other's default, the default gives way.
        long min = asked.min().orElse(Math.min(defaults.minPixels(), asked.max().orElse(Long.MAX_VALUE)));
        long total = totalPixels.orElse(PixelBounds.VIDEO_TOTAL_PIXELS_DEFAULT);
        long share = PixelBounds.videoFrame(seen, min, total).maxPixels();
        return new PixelBounds(min, Math.min(share, asked.max().orElse(share)));
    }

    private static List<MediaReference> frames(WireValue value) throws Refused {
        if (value.node().isTextual()) {
            throw Refused.at(
                    value.path(),
                    Code.UNSUPPORTED_VALUE,
                    "Unsupported value: '" + value.path()
                            + "': a video file is not supported, only an array of frame images is.");
        }
        if (!value.node().isArray()) {
            throw Typed.wrongType(value, "an array of frame images");
        }
        List<WireValue> elements = Typed.nonEmptyArray(value);
        Typed.atMost(MAX_FRAMES, elements, value.path());
        List<MediaReference> frames = new ArrayList<>(elements.size());
        for (WireValue element : elements) {
            frames.add(PartReader.reference(element, MediaKind.VIDEO));
        }
        return frames;
    }

    private static void judgeFrameChoice(Fields video) throws Refused {
        OptionalDouble fps = video.decimal("fps", 0, MAX_FPS);
        if (fps.isPresent() && fps.getAsDouble() == 0) {
            throw Refused.at(
                    video.pathOf("fps"),
                    Code.DECIMAL_BELOW_MIN_VALUE,
                    "Invalid '" + video.pathOf("fps")
                            + "': decimal below minimum value. Expected a value > 0, but got 0 instead.");
        }
        video.integer("nframes", 1, MAX_FRAMES);
        video.integer("min_frames", 1, MAX_FRAMES);
        video.integer("max_frames", 1, MAX_FRAMES);
        video.ignore(MEANINGLESS, "has no effect on an array of frames");
    }
}
