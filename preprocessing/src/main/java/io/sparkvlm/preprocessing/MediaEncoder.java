package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.preprocessing.PreparedMedia.PreparedFile;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.ImageInspector;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.isolation.ImageRequest;
import io.sparkvlm.preprocessing.media.isolation.MediaDecoder;
import io.sparkvlm.preprocessing.media.isolation.VideoRequest;
import io.sparkvlm.preprocessing.video.VideoInspector;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which patches is an image or video? Thread-safe. */
final class MediaEncoder {
    private static final Logger LOGGER = LoggerFactory.getLogger(MediaEncoder.class);

    private final ImageInspector inspector;
    private final VideoInspector videoInspector;
    private final VideoLimits videoLimits;
    private final MediaDecoder decoder;

    MediaEncoder(ImageInspector inspector, VideoLimits videoLimits, MediaDecoder decoder) {
        this.inspector = inspector;
        this.videoInspector = new VideoInspector(videoLimits);
        this.videoLimits = videoLimits;
        this.decoder = decoder;
    }

    /** Decodes the pictures one after the other: 768 of them at once can be gigabytes. */
    Outcome<EncodedVision> encode(PreparedMedia media) {
        return visionEncoder(media).flatMap(vision -> switch (media.form()) {
            case IMAGES ->
                Outcomes.all(media.files(), file -> decode(file, media, vision)).map(decoded -> vision.encoded());
            case VIDEO_FILE -> decodeFile(media, vision).map(decoded -> vision.encoded());
        });
    }

    private static Outcome<VisionEncoder> visionEncoder(PreparedMedia media) {
        try {
            return Outcome.ok(
                    new VisionEncoder(new ResizedSize(media.resizedWidth(), media.resizedHeight()), framesOf(media)));
        } catch (OutOfMemoryError e) {
            // One large array that could not be made: the heap is as it was, and the other rows need not die of it.
            LOGGER.warn("no memory for the patches of {}", media.grid(), e);
            return Outcome.rejected(Rejection.at(
                    media.files().get(0).param(),
                    Code.ENGINE_OUT_OF_MEMORY,
                    "expected room for " + media.grid().patches()
                            + " patches in the executor's memory, found too little;"
                            + " lower max_pixels or the number of frames"));
        }
    }

    private static int framesOf(PreparedMedia media) {
        return switch (media.form()) {
            case IMAGES -> media.files().size();
            case VIDEO_FILE -> media.frames().size();
        };
    }

    private Outcome<Integer> decodeFile(PreparedMedia media, VisionEncoder vision) {
        PreparedFile file = media.files().get(0);
        MediaReference reference = new MediaReference(file.ref(), media.kind(), file.param());
        return videoInspector
                .inspect(new FetchedFile(file.bytes(), file.ref()), reference)
                .flatMap(video -> {
                    VideoRequest request =
                            new VideoRequest(video, videoLimits, media.width(), media.height(), media.frames());
                    return decoder.decode(request, reference, vision::accept);
                });
    }

    private Outcome<Integer> decode(PreparedFile file, PreparedMedia media, VisionEncoder vision) {
        MediaReference reference = new MediaReference(file.ref(), media.kind(), file.param());
        return inspector
                .inspect(new FetchedFile(file.bytes(), file.ref()), reference)
                .flatMap(image -> decoder.decode(ImageRequest.of(image), reference, vision::accept));
    }
}
