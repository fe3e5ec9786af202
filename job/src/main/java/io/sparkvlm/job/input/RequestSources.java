package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;

/** Chooses the source that reads requests from files of their format. */
public final class RequestSources {
    private RequestSources() {}

    public static RequestSource of(RequestFiles files, ColumnRoles roles) {
        return switch (files.format()) {
            case JSONL, AUTO ->
                roles.equals(ColumnRoles.NONE) ? new JsonLinesSource(files) : new JsonTableSource(files, roles);
            case PARQUET -> new ParquetSource(files, roles);
        };
    }
}
