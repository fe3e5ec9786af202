package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.video.sample.FrameSampler;
import java.util.Arrays;
import java.util.List;

/** Reads a data: URL that is a list of frames in vLLM's form: the base64 of JPEG files with commas between them. */
final class JpegFramesUrl {
    private static final String PREFIX = "data:video/jpeg;base64,";

    private JpegFramesUrl() {}

    static boolean matches(String url) {
        return url.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** A reference to each frame, all at the place of the one URL. */
    static List<MediaReference> frames(WireValue url) throws InvalidRequestException {
        String frames = FieldChecks.string(url).substring(PREFIX.length());
        long count = frames.chars().filter(character -> character == ',').count() + 1;
        if (count > FrameSampler.MAX_FRAMES) { // before each takes memory of its own
            throw FieldChecks.tooLong(url.path(), FrameSampler.MAX_FRAMES, Math.toIntExact(count));
        }
        return Arrays.stream(frames.split(",", -1))
                .map(frame -> new MediaReference("data:image/jpeg;base64," + frame, MediaKind.VIDEO, url.path()))
                .toList();
    }
}
