package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.video.sample.FrameSampler;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the parts of a message's content, and gathers the media among them in order. One for each request. */
final class PartReader {
    private static final String SUPPORTED_TYPES = "'text', 'image_url', 'video_url', 'image', and 'video'";

    private final RequestWarnings warnings;
    private final List<MediaPart> media;
    private final Map<MediaKind, Integer> counts = new EnumMap<>(MediaKind.class);
    private final MediaCounts limits;
    private final ImagePartReader images;
    private final VideoPartReader videos;

    /**
     * A reader of a request's parts.
     *
     * @param processor what the request says of all of them
     * @param media where the media found are added
     */
    PartReader(RequestRules rules, ProcessorFields processor, RequestWarnings warnings, List<MediaPart> media) {
        this.warnings = warnings;
        this.media = media;
        this.limits = rules.mediaPerPrompt();
        this.images = new ImagePartReader(processor
                .images()
                .over(rules.imagePixels().minPixels(), rules.imagePixels().maxPixels()));
        this.videos = new VideoPartReader(processor.framesPerSecond().orElse(FrameSampler.FRAMES_PER_SECOND_DEFAULT));
    }

    ContentPart read(WireValue value) throws InvalidRequestException {
        Fields part = Fields.of(value, warnings);
        WireValue type = part.required("type");
        ContentPart read =
                switch (FieldChecks.string(type)) {
                    case "text" -> new ContentPart.Text(FieldChecks.string(part.required("text")));
                    case "image_url" -> openAiImage(part);
                    case "image" -> add(images.read(part, "image"), value);
                    case "video_url" -> openAiVideo(part);
                    case "video" -> add(videos.read(part, "video"), value);
                    case "input_audio", "audio", "audio_url", "file", "refusal" ->
                        throw InvalidRequestException.at(
                                type.path(),
                                RequestCode.UNSUPPORTED_VALUE,
                                "Unsupported value: '" + type.path() + "' does not support '"
                                        + type.node().textValue() + "'. Supported values are: " + SUPPORTED_TYPES
                                        + ".");
                    default ->
                        throw FieldChecks.invalid(
                                type.path(),
                                "got " + FieldChecks.quoted(type.node().textValue()) + ". Supported values are: "
                                        + SUPPORTED_TYPES + ".");
                };
        part.end();
        return read;
    }

    private ContentPart openAiImage(Fields part) throws InvalidRequestException {
        WireValue value = part.required("image_url");
        Fields image = Fields.of(value, warnings);
        MediaPart read = images.read(image, "url");
        image.end();
        return add(read, value);
    }

    private ContentPart openAiVideo(Fields part) throws InvalidRequestException {
        WireValue value = part.required("video_url");
        Fields video = Fields.of(value, warnings);
        MediaPart read = videos.read(video, "url");
        video.end();
        return add(read, value);
    }

    private ContentPart add(MediaPart part, WireValue value) throws InvalidRequestException {
        media.add(part);
        int count = counts.merge(part.kind(), 1, Integer::sum);
        switch (part.kind()) {
            case IMAGE -> requireAtMost(limits.images(), count, "images", RequestCode.IMAGE_LIMIT_EXCEEDED, value);
            case VIDEO -> requireAtMost(limits.videos(), count, "videos", RequestCode.VIDEO_LIMIT_EXCEEDED, value);
        }
        return new ContentPart.Media(part.kind());
    }

    private static void requireAtMost(int limit, int count, String what, ErrorCode code, WireValue value)
            throws InvalidRequestException {
        if (count > limit) {
            throw InvalidRequestException.at(
                    value.path(),
                    code,
                    "expected at most " + limit + " " + what + " in a request (--limit-mm-per-prompt), found number "
                            + count + " at '" + value.path() + "'");
        }
    }

    static MediaReference reference(WireValue url, MediaKind kind) throws InvalidRequestException {
        return new MediaReference(FieldChecks.string(url), kind, url.path());
    }
}
