package io.sparkvlm.job.input.files;

/** The formats of a table of requests; {@code --input-format} takes these names in lower case. */
public enum InputFormat {
    /** By the names of the files. */
    AUTO,
    /** A line a request: an OpenAI Batch line or a bare body. */
    JSONL,
    PARQUET
}
