package io.sparkvlm.job.show;

import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.VisibleText;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds the figures of a whole table.
 *
 * @param errors rows by error code
 * @param matching rows that the filter takes
 * @param latency of the answered rows, if there are any
 */
public record TableSummary(
        long answered, SortedMap<String, Long> errors, long matching, Tokens tokens, Optional<Latency> latency) {
    static final TableSummary EMPTY = new TableSummary(0, new TreeMap<>(), 0, new Tokens(0, 0, 0), Optional.empty());

    public TableSummary {
        errors = Collections.unmodifiableSortedMap(errors);
    }

    /** Of all answered rows together; the prompt's include the vision tokens. */
    record Tokens(long prompt, long vision, long completion) {}

    /** From a row's fetching to its last token, and the first token of half of the rows. */
    record Latency(double medianMs, double of95PercentMs, double longestMs, double medianFirstTokenMs) {}

    public long rows() {
        return answered + errorRows();
    }

    long errorRows() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The rows in words, as {@code 103 rows: 98 answered, 5 errors (5 invalid_value)}. */
    String text() {
        String byCode = errors.entrySet().stream()
                .map(code -> Figures.count(code.getValue()) + " " + VisibleText.line(code.getKey()))
                .collect(Collectors.joining(", ", errors.isEmpty() ? "" : " (", errors.isEmpty() ? "" : ")"));
        return Figures.count(rows(), "row") + ": " + Figures.count(answered) + " answered, "
                + Figures.count(errorRows(), "error") + byCode;
    }
}
