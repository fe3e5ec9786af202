package io.sparkvlm.job.run.summary;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads, adds up and writes how many rows have which error code. */
final class ErrorCounts {
    private ErrorCounts() {}

    /** @param json an object of numbers by codes */
    static SortedMap<String, Long> parse(JsonNode json) {
        SortedMap<String, Long> errors = new TreeMap<>();
        json.properties()
                .forEach(code -> errors.put(code.getKey(), code.getValue().asLong()));
        return errors;
    }

    static long total(SortedMap<String, Long> errors) {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What follows the number of errors. */
    static String text(SortedMap<String, Long> errors) {
        return errors.entrySet().stream()
                .map(code -> code.getValue() + " " + code.getKey())
                .collect(Collectors.joining(", ", errors.isEmpty() ? "" : " (", errors.isEmpty() ? "" : ")"));
    }
}
