package io.sparkvlm.preprocessing;

import io.sparkvlm.preprocessing.fetch.RowColumns;
import java.util.Objects;
import java.util.Optional;

/**
 * One request as the input holds it.
 *
 * @param rowId stable over reruns: where the row stands in its input
 * @param customId of the table's own column, if it has one; a Batch line's wins over it
 * @param json a Batch line, which has a body, or a body
 * @param columns of the row: what {@code column:PATH} points at
 */
public record RequestRow(String rowId, Optional<String> customId, String json, RowColumns columns) {
    public RequestRow {
        Objects.requireNonNull(rowId, "rowId");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(columns, "columns");
    }
}
