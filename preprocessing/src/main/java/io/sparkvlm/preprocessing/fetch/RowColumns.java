package io.sparkvlm.preprocessing.fetch;

/** Finds what {@code column:PATH} names in the row that a request came with. */
public interface RowColumns {
    /**
     * Finds a value.
     *
     * @param path what stands behind {@code column:}
     */
    ColumnValue find(String path);

    /** All bytes that the row's columns hold, named or not. */
    long bytes();
}
