package io.sparkvlm.preprocessing.fetch;

/** Where does a file lie that a request may name, and what does it hold? Thread-safe. */
public interface RemoteFile {
    /** The same for all spellings of one file, and of no other. */
    String key();

    /** The machine or the like that may be slow: it gets no more than its share of what is read at once. */
    String host();

    /** Where the file came from as the output may say it: without query. */
    String ref();

    /** Reads the file, on a thread that is interrupted at the deadline; until then it may block. */
    Download read(BoundedDownload bounded);
}
