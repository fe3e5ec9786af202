package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.preprocessing.PreparedMedia.PreparedFile;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.ImageDecoder;
import io.sparkvlm.preprocessing.media.ImageInspector;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.video.EncodedVideo;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import io.sparkvlm.preprocessing.video.VideoDecoder;
import io.sparkvlm.preprocessing.video.VideoInspector;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;

/** Which patches is an image or video? Thread-safe. */
final class MediaEncoder {
    private final ImageInspector inspector;
    private final ImageDecoder decoder = new ImageDecoder();
    private final VideoInspector videoInspector;
    private final VideoDecoder videoDecoder;

    MediaEncoder(ImageInspector inspector, VideoLimits videoLimits) {
        this.inspector = inspector;
        this.videoInspector = new VideoInspector(videoLimits);
        this.videoDecoder = new VideoDecoder(videoLimits);
    }

    /** Decodes the pictures one after the other: 768 of them at once can be gigabytes. */
    Outcome<EncodedVision> encode(PreparedMedia media) {
        VisionEncoder vision =
                new VisionEncoder(new ResizedSize(media.resizedWidth(), media.resizedHeight()), framesOf(media));
        return switch (media.form()) {
            case IMAGES ->
                Outcomes.all(media.files(), file -> decoded(file, media).map(picture -> {
                            vision.accept(picture);
                            return file.ref();
                        }))
                        .map(decoded -> vision.encoded());
            case VIDEO_FILE -> decodeFile(media, vision).map(decoded -> vision.encoded());
        };
    }

    private static int framesOf(PreparedMedia media) {
        return switch (media.form()) {
            case IMAGES -> media.files().size();
            case VIDEO_FILE -> media.frames().size();
        };
    }

    private Outcome<EncodedVideo> decodeFile(PreparedMedia media, VisionEncoder vision) {
        PreparedFile file = media.files().get(0);
        MediaReference reference = new MediaReference(file.ref(), media.kind(), file.param());
        return videoInspector
                .inspect(new FetchedFile(file.bytes(), file.ref()), reference)
                .flatMap(video -> {
                    try {
                        videoDecoder.decode(video.bytes(), video.header().container(), media.frames(), vision::accept);
                        return Outcome.ok(video);
                    } catch (UnreadableVideoException e) {
                        return reference.rejected(e.fault(), e.getMessage());
                    }
                });
    }

    private Outcome<RgbImage> decoded(PreparedFile file, PreparedMedia media) {
        MediaReference reference = new MediaReference(file.ref(), media.kind(), file.param());
        return inspector
                .inspect(new FetchedFile(file.bytes(), file.ref()), reference)
                .flatMap(image -> decoder.decode(image, reference));
    }
}
