package io.sparkvlm.job;

/** Where a row stood in its input: the same for any cut of the input into tasks and any number of cores. */
final class RowId {
    private RowId() {}

    /**
     * A row's id.
     *
     * @param file relative to the input
     * @param position the byte at which its line starts, or its index in a Parquet file
     */
    static String of(String file, long position) {
        return file + ":" + position;
    }
}
