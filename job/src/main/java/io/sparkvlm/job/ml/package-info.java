/**
 * The job as a stage of Spark ML: a {@code Pipeline} that is saved and loaded has it among its stages, and it answers the
 * requests in a column. Parameters are called as DJL's extension for Spark calls them. Start reading at {@link
 * io.sparkvlm.job.ml.VlmTransformer}.
 */
package io.sparkvlm.job.ml;
