package io.sparkvlm.job.options.inference;

import java.util.Set;
import picocli.CommandLine.Mixin;

/** The options of requests that are the rows of a table, some of whose columns are not carried to the output. */
public final class RowRequestOptions extends RequestOptions {
    @Mixin
    private DropColumnsOption columns;

    @Override
    Set<String> droppedColumns() {
        return columns.dropped();
    }
}
