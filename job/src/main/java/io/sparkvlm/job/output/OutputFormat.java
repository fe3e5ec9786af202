package io.sparkvlm.job.output;

/** The formats that completions are written in. */
public enum OutputFormat {
    /** The table of all that is known of each row. */
    PARQUET,
    /** The two files of OpenAI's Batch API, in a folder: answers and errors. */
    OPENAI_BATCH,
    /** One file with a line of OpenAI's Batch API for each row, as vLLM's run-batch writes it. */
    BATCH_FILE
}
