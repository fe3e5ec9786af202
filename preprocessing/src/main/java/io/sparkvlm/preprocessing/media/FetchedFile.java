package io.sparkvlm.preprocessing.media;

import java.util.Objects;

/**
 * A file as it was fetched, or its start; not yet checked.
 *
 * @param bytes not copied, and not to be changed
 * @param ref where it came from as the output may say it: neither payload nor query
 * @param fileBytes of the whole file
 */
public record FetchedFile(byte[] bytes, String ref, long fileBytes) {
    /** A whole file. */
    public FetchedFile(byte[] bytes, String ref) {
        this(bytes, ref, bytes.length);
    }

    public FetchedFile {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(ref, "ref");
        if (bytes.length > fileBytes) {
            throw new IllegalArgumentException(
                    "expected at most the file's " + fileBytes + " bytes, found " + bytes.length);
        }
    }

    /** Whether no more of it is elsewhere. */
    public boolean isWhole() {
        return bytes.length == fileBytes;
    }
}
