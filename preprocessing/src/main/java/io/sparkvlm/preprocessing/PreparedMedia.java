package io.sparkvlm.preprocessing;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.Sha256;
import java.util.List;
import java.util.Objects;

/**
 * One image or video: what its header says of it, and what it will be to the model.
 *
 * @param ref where it came from, without payload or query: a file's name, or a JSON array of a video's frames'
 * @param sha256 of the file; of a video of several, of its frames' hashes one after the other
 * @param width in pixels, upright
 * @param height in pixels, upright
 * @param frames which of the files, or of the video file's own frames, the model sees; none for an image
 * @param form what the files are
 * @param files one for an image or a video file, one for each frame of a list
 */
public record PreparedMedia(
        MediaKind kind,
        String ref,
        String sha256,
        int width,
        int height,
        int resizedWidth,
        int resizedHeight,
        PatchGrid grid,
        List<Integer> frames,
        MediaForm form,
        List<PreparedFile> files) {
    public PreparedMedia {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(grid, "grid");
        Objects.requireNonNull(form, "form");
        frames = List.copyOf(frames);
        files = List.copyOf(files);
    }

    /**
     * A hash that media with equal patches share: the file's bytes, which of its frames are seen and how large they are
     * made decide every pixel, and cost less to hash than the pixels.
     */
    String contentHash() {
        return Sha256.hex(sha256 + "/" + frames + "/" + grid.t() + "x" + grid.h() + "x" + grid.w());
    }

    /** This medium in another form. */
    PreparedMedia as(MediaForm other, List<PreparedFile> otherFiles) {
        return new PreparedMedia(
                kind, ref, sha256, width, height, resizedWidth, resizedHeight, grid, frames, other, otherFiles);
    }

    /**
     * A file of the medium's form.
     *
     * @param bytes not copied, and not to be changed
     * @param ref as above
     * @param param the path of the request's field that pointed at it, for the rejection if it cannot be decoded
     */
    public record PreparedFile(byte[] bytes, String ref, String param) {
        public PreparedFile {
            Objects.requireNonNull(bytes, "bytes");
            Objects.requireNonNull(ref, "ref");
            Objects.requireNonNull(param, "param");
        }
    }
}
