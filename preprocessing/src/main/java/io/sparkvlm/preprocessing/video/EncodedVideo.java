package io.sparkvlm.preprocessing.video;

import java.util.Objects;

/**
 * A video file that was checked; only {@code VideoInspector} makes one.
 *
 * @param bytes the file; not copied, and not to be changed
 * @param ref where it came from as the output may say it: neither payload nor query
 */
public record EncodedVideo(byte[] bytes, VideoContainer container, String ref) {
    public EncodedVideo {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(container, "container");
        Objects.requireNonNull(ref, "ref");
    }
}
