package io.sparkvlm.job;

/** How are the completions written down? */
enum OutputFormat {
    /** The table of all that is known of each row. */
    PARQUET("parquet"),
    /** The two files of OpenAI's Batch API: answers and errors. */
    OPENAI_BATCH("openai-batch");

    private final String optionValue;

    OutputFormat(String optionValue) {
        this.optionValue = optionValue;
    }

    /** As {@code --output-format} takes it. */
    String optionValue() {
        return optionValue;
    }
}
