package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaReference;

/** Finds the files of other machines that a request may name. Thread-safe. */
public interface RemoteStore extends AutoCloseable {
    /** Whether URLs of this scheme are for this store. */
    boolean serves(String lowerCaseScheme);

    /** The file that a request names, if it may; asks no other machine. */
    Outcome<RemoteFile> find(MediaReference reference);

    @Override
    void close();
}
