package io.sparkvlm.job.output;

/** The formats that completions are written in. */
public enum OutputFormat {
    /** The table of all that is known of each row. */
    PARQUET("parquet"),
    /** The two files of OpenAI's Batch API: answers and errors. */
    OPENAI_BATCH("openai-batch");

    private final String optionValue;

    OutputFormat(String optionValue) {
        this.optionValue = optionValue;
    }

    /** As {@code --output-format} takes it. */
    public String optionValue() {
        return optionValue;
    }
}
