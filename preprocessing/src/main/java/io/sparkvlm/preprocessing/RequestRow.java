package io.sparkvlm.preprocessing;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One request as the input holds it.
 *
 * @param rowId stable over reruns: where the row stands in its input
 * @param customId of the table's own column, if it has one; a Batch line's wins over it
 * @param json a Batch line, which has a body, or a body
 * @param binaryColumns the row's BINARY columns that are not null, by name: what {@code column:NAME} points at
 */
public record RequestRow(String rowId, Optional<String> customId, String json, Map<String, byte[]> binaryColumns) {
    public RequestRow {
        Objects.requireNonNull(rowId, "rowId");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(json, "json");
        binaryColumns = Map.copyOf(binaryColumns);
    }
}
