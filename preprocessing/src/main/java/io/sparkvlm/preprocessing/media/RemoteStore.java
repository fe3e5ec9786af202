package io.sparkvlm.preprocessing.media;

import io.sparkvlm.api.Outcome;

/** Which files lie on other machines, and which of them may a request name? Thread-safe. */
public interface RemoteStore extends AutoCloseable {
    /** Whether URLs of this scheme are for this store. */
    boolean serves(String lowerCaseScheme);

    /** The file that a request names, if it may; asks no other machine. */
    Outcome<RemoteFile> find(MediaReference reference);

    @Override
    void close();
}
