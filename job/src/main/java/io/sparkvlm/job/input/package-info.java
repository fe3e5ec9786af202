/**
 * Requests as they are found: files of JSON lines or Parquet, a prepared table, or a DataFrame go in. The table that
 * {@link io.sparkvlm.spark.VlmStages#answer} takes comes out, with an id for every row that is the same in every run.
 * Start reading at {@link io.sparkvlm.job.input.InputSelection} and {@link io.sparkvlm.job.input.RequestSource}.
 */
package io.sparkvlm.job.input;
