/**
 * The folder that a job writes: an unused path and the finished rows go in. A Parquet table or the two files of
 * OpenAI's Batch API come out, with a record of the run beside them. Start reading at {@link
 * io.sparkvlm.job.output.OutputFolder}.
 */
package io.sparkvlm.job.output;
