package io.sparkvlm.job;

/** How the completions are written down; {@code --output-format} takes these names in lower case. */
enum OutputFormat {
    PARQUET("parquet");

    private final String sparkName;

    OutputFormat(String sparkName) {
        this.sparkName = sparkName;
    }

    String sparkName() {
        return sparkName;
    }
}
