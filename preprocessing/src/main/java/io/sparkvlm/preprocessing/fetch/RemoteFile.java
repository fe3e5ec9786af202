package io.sparkvlm.preprocessing.fetch;

/** A file on another machine that a request may name. Thread-safe. */
public interface RemoteFile {
    /** A name that all spellings of one file share, and no other file has. */
    String key();

    /** The machine that may be slow, or what stands for it: it gets no more than its share of what is read at once. */
    String host();

    /** Where the file came from as the output may say it: without query. */
    String ref();

    /** Reads the file, on a thread that is interrupted at the deadline; until then it may block. */
    Download read(BoundedDownload bounded);
}
