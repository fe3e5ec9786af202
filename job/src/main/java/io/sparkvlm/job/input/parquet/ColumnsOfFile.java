package io.sparkvlm.job.input.parquet;

import org.apache.hadoop.fs.Path;

/** A file that can be read, and its columns. */
public record ColumnsOfFile(Path path, FileSchema schema) {}
