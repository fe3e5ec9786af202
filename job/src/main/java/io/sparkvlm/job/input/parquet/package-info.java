/**
 * Parquet files that need not agree: their footers go in. What columns they have together comes out, and the files in
 * groups that are read alike, with what makes each group's values those of all. Start reading at {@link
 * io.sparkvlm.job.input.parquet.ParquetFiles} and {@link io.sparkvlm.job.input.parquet.UnifiedTable}.
 */
package io.sparkvlm.job.input.parquet;
