package io.sparkvlm.spark.watch;

import io.sparkvlm.outcome.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts what the tasks of this process have done, by the names that people watch it by. A row whose task failed is counted again
 * when it is answered again. Thread-safe.
 */
public final class RowCounts {
    /** Static, because an executor is a process, and Spark hands its plugins nothing of its tasks. */
    public static final RowCounts OF_THIS_PROCESS = new RowCounts();

    private static final String ROWS = "rows";
    private static final String COPIED_ROWS = "copied_rows";
    private static final String ERROR_ROWS = "error_rows";
    private static final String PROMPT_TOKENS = "row_prompt_tokens";
    private static final String VISION_TOKENS = "row_vision_tokens";
    private static final String COMPLETION_TOKENS = "row_completion_tokens";

    private final Map<String, Double> counts = new TreeMap<>(Map.of(
            ROWS,
            0.0,
            COPIED_ROWS,
            0.0,
            ERROR_ROWS,
            0.0,
            PROMPT_TOKENS,
            0.0,
            VISION_TOKENS,
            0.0,
            COMPLETION_TOKENS,
            0.0));

    /** Has a number for each error before there is one, as those who watch want it. */
    RowCounts() {
        ErrorCode.all().forEach(code -> counts.put(ofErrors(code.wireName()), 0.0));
    }

    private static String ofErrors(String code) {
        return ERROR_ROWS + "_" + code;
    }

    /** Counts a row with an answer, whose prompt tokens include the vision tokens. */
    public synchronized void answered(int promptTokens, int visionTokens, int completionTokens) {
        add(ROWS, 1);
        add(PROMPT_TOKENS, promptTokens);
        add(VISION_TOKENS, visionTokens);
        add(COMPLETION_TOKENS, completionTokens);
    }

    /** Counts a row that goes into a table instead of the engine. */
    public synchronized void prepared() {
        add(ROWS, 1);
    }

    /** Counts a row that got another's answer, or its error. */
    public synchronized void copied(Optional<String> errorCode) {
        add(COPIED_ROWS, 1);
        errorCode.ifPresent(this::addError);
    }

    /** Counts a row that has an error of this code. */
    public synchronized void rejected(String code) {
        add(ROWS, 1);
        addError(code);
    }

    private void addError(String code) {
        add(ERROR_ROWS, 1);
        add(ofErrors(code), 1);
    }

    private void add(String name, int count) {
        counts.merge(name, (double) count, Double::sum);
    }

    synchronized Map<String, Double> now() {
        return Map.copyOf(counts);
    }
}
