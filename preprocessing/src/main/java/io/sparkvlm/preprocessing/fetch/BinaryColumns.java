package io.sparkvlm.preprocessing.fetch;

import java.util.Map;
import java.util.Objects;

/**
 * Holds columns of bytes outside a table.
 *
 * @param byName those that are not null
 */
public record BinaryColumns(Map<String, byte[]> byName) implements RowColumns {
    public static final BinaryColumns NONE = new BinaryColumns(Map.of());

    public BinaryColumns {
        byName = Map.copyOf(byName);
    }

    @Override
    public ColumnValue find(String path) {
        byte[] bytes = byName.get(path);
        return Objects.isNull(bytes)
                ? new ColumnValue.Unusable("expected a column of bytes, found none named " + MediaFetcher.shown(path))
                : new ColumnValue.Bytes(bytes);
    }

    @Override
    public long bytes() {
        return byName.values().stream().mapToLong(column -> column.length).sum();
    }
}
