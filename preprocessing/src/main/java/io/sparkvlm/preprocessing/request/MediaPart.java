package io.sparkvlm.preprocessing.request;

import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.video.sample.FrameChoice;
import io.sparkvlm.preprocessing.vision.FrameBudget;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** One image or video of a request: where it is, and how large it may be made. */
public sealed interface MediaPart {
    MediaKind kind();

    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<Pictures, R> onPictures, Function<VideoFile, R> onVideoFile);

    /**
     * Image files: an image, or a video as a list of its frames.
     *
     * @param references one for an image, one for each frame of a video
     * @param bounds of the image, or of each frame
     */
    record Pictures(MediaKind kind, List<MediaReference> references, PixelBounds bounds) implements MediaPart {
        public Pictures {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(bounds, "bounds");
            references = List.copyOf(references);
            if (references.isEmpty()) {
                throw new IllegalArgumentException("expected at least one reference, found none");
            }
        }

        @Override
        public <R> R fold(Function<Pictures, R> onPictures, Function<VideoFile, R> onVideoFile) {
            return onPictures.apply(this);
        }
    }

    /**
     * A video file, whose frames are known once it is there.
     *
     * @param frames that the model is to see
     * @param budget of each frame's pixels, given how many there are
     */
    record VideoFile(MediaReference reference, FrameChoice frames, FrameBudget budget) implements MediaPart {
        public VideoFile {
            Objects.requireNonNull(reference, "reference");
            Objects.requireNonNull(frames, "frames");
            Objects.requireNonNull(budget, "budget");
        }

        @Override
        public MediaKind kind() {
            return MediaKind.VIDEO;
        }

        @Override
        public <R> R fold(Function<Pictures, R> onPictures, Function<VideoFile, R> onVideoFile) {
            return onVideoFile.apply(this);
        }
    }
}
