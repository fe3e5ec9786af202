package io.sparkvlm.job.input;

/** Chooses the source that reads requests from files of their format. */
public final class RequestSources {
    private RequestSources() {}

    public static RequestSource of(RequestFiles files) {
        return switch (files.format()) {
            case JSONL, AUTO -> new JsonLinesSource(files);
            case PARQUET -> new ParquetSource(files);
        };
    }
}
