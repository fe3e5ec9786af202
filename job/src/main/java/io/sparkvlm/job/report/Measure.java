package io.sparkvlm.job.report;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Column;

/** Names what is measured of each answered row. */
enum Measure {
    PROMPT_TOKENS("Tokens of a prompt", "tokens", "usage.prompt_tokens", 1),
    COMPLETION_TOKENS("Tokens of an answer", "tokens", "usage.completion_tokens", 1),
    FIRST_TOKEN("Time to the first token", "seconds", "timing.ttft_ms", 1_000),
    TOTAL_TIME("Time of a row", "seconds", "timing.total_ms", 1_000);

    private final String title;
    private final String unit;
    private final String column;
    private final int parts;

    /** @param parts of the column's unit in the shown one */
    Measure(String title, String unit, String column, int parts) {
        this.title = title;
        this.unit = unit;
        this.column = column;
        this.parts = parts;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** The value in the unit; null where a row has none. */
    Column value() {
        return col(column).divide(parts);
    }

    /** Tokens come whole. */
    double finest() {
        return parts == 1 ? 1 : 0;
    }
}
