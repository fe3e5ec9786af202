package io.sparkvlm.job.input;

import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;

/** Chooses the source that reads requests from files of their format. */
public final class RequestSources {
    private RequestSources() {}

    public static RequestSource of(RequestFiles files, ColumnRoles roles) throws JobRefusedException {
        return switch (files.format()) {
            case JSONL, AUTO -> {
                if (!roles.equals(ColumnRoles.NONE)) {
                    throw new JobRefusedException(
                            "expected requests in lines of JSON: columns with pictures and prompts"
                                    + " are those of a Parquet table");
                }
                yield new JsonLinesSource(files);
            }
            case PARQUET -> new ParquetSource(files, roles);
        };
    }
}
