package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.preprocessing.PreparedMedia.EncodedFile;
import io.sparkvlm.preprocessing.media.ImageDecoder;
import io.sparkvlm.preprocessing.media.ImageInspector;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.vision.EncodedVision;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.util.AbstractList;

/** Which patches is an image or video? Thread-safe. */
final class MediaEncoder {
    private final ImageInspector inspector;
    private final ImageDecoder decoder = new ImageDecoder();
    private final VisionEncoder vision = new VisionEncoder();

    MediaEncoder(ImageInspector inspector) {
        this.inspector = inspector;
    }

    Outcome<EncodedVision> encode(PreparedMedia media) {
        try {
            return Outcome.ok(vision.encode(
                    new DecodedFrames(media), new ResizedSize(media.resizedWidth(), media.resizedHeight())));
        } catch (UndecodableException e) {
            return Outcome.rejected(e.rejection);
        }
    }

    /** The pictures of a video one after the other: 768 decoded frames at once can be gigabytes. */
    private final class DecodedFrames extends AbstractList<RgbImage> {
        private final PreparedMedia media;

        DecodedFrames(PreparedMedia media) {
            this.media = media;
        }

        /** Decodes the picture, each time anew. */
        @Override
        public RgbImage get(int index) {
            EncodedFile file = media.files().get(index);
            MediaReference reference = new MediaReference(file.ref(), media.kind(), file.param());
            return inspector
                    .inspect(file.bytes(), file.ref(), reference)
                    .flatMap(image -> decoder.decode(image, reference))
                    .fold(image -> image, rejection -> {
                        throw new UndecodableException(rejection);
                    });
        }

        @Override
        public int size() {
            return media.files().size();
        }
    }

    /** Carries a rejection through the vision encoder, which knows pictures only; never leaves this class. */
    private static final class UndecodableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Rejection rejection;

        UndecodableException(Rejection rejection) {
            super(rejection.message(), null, false, false);
            this.rejection = rejection;
        }
    }
}
