package io.sparkvlm.preprocessing.media;

import java.util.Objects;

/**
 * A file as it came, not yet judged.
 *
 * @param bytes not copied, so nobody changes them
 * @param ref where it came from as the output may say it: neither payload nor query
 */
public record FetchedFile(byte[] bytes, String ref) {
    public FetchedFile {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(ref, "ref");
    }
}
