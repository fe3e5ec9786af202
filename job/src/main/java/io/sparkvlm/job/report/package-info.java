/**
 * What a job has done, on one page: an output table and the record of its run go in, aggregated by Spark; a page with
 * charts comes out. Start reading at {@link io.sparkvlm.job.report.JobReport}.
 */
package io.sparkvlm.job.report;
