package io.sparkvlm.preprocessing.prepared;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import java.util.List;
import java.util.Objects;

/**
 * What the header of one image or video says of it, and what it will be to the model.
 *
 * @param ref where it came from, without payload or query: a file's name, or a JSON array of a video's frames'
 * @param sha256 of the file; of a video of several, of its frames' hashes one after the other
 * @param width in pixels, upright
 * @param height in pixels, upright
 * @param frames which of the files, or of the video file's own frames, the model sees; none for an image
 */
public record MediaPlan(
        MediaKind kind,
        String ref,
        String sha256,
        int width,
        int height,
        ResizedSize resized,
        PatchGrid grid,
        List<Integer> frames) {
    public MediaPlan {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(resized, "resized");
        Objects.requireNonNull(grid, "grid");
        frames = List.copyOf(frames);
    }
}
