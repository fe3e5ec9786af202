package io.sparkvlm.preprocessing.request;

import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;
import java.util.Objects;

/**
 * Where is one image or video, and how large may it be made?
 *
 * @param references one for an image, one for each frame of a video
 * @param bounds of the image, or of each frame
 */
public record MediaPart(MediaKind kind, List<MediaReference> references, PixelBounds bounds) {
    public MediaPart {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(bounds, "bounds");
        references = List.copyOf(references);
        if (references.isEmpty()) {
            throw new IllegalArgumentException("expected at least one reference, found none");
        }
    }
}
