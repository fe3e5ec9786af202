package io.sparkvlm.preprocessing.media;

import java.util.Objects;

/**
 * A file as it was fetched, not yet checked.
 *
 * @param bytes not copied, and not to be changed
 * @param ref where it came from as the output may say it: neither payload nor query
 */
public record FetchedFile(byte[] bytes, String ref) {
    public FetchedFile {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(ref, "ref");
    }
}
