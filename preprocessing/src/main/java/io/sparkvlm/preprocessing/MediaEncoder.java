package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.preprocessing.PreparedMedia.PreparedFile;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.ImageDecoder;
import io.sparkvlm.preprocessing.media.ImageInspector;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;

/** Which patches is an image or video? Thread-safe. */
final class MediaEncoder {
    private final ImageInspector inspector;
    private final ImageDecoder decoder = new ImageDecoder();

    MediaEncoder(ImageInspector inspector) {
        this.inspector = inspector;
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
        };
    }

    private static int framesOf(PreparedMedia media) {
        return switch (media.form()) {
            case IMAGES -> media.files().size();
        };
    }

    private Outcome<RgbImage> decoded(PreparedFile file, PreparedMedia media) {
        MediaReference reference = new MediaReference(file.ref(), media.kind(), file.param());
        return inspector
                .inspect(new FetchedFile(file.bytes(), file.ref()), reference)
                .flatMap(image -> decoder.decode(image, reference));
    }
}
