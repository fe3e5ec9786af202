/**
 * What a job says at its end: a table that is written goes in, and is counted by Spark. Numbers of rows, tokens and errors come out, in
 * words and as the JSON that a finished output keeps. Start reading at {@link io.sparkvlm.job.run.summary.JobSummary}.
 */
package io.sparkvlm.job.run.summary;
