/**
 * The job as its users meet it: a command line and a table of requests go in, a Parquet table of completions and an exit
 * code come out. Everything that can be refused is refused in one line before the first task. Start reading at {@link
 * io.sparkvlm.job.Main} and {@link io.sparkvlm.job.GenerateJob}; {@link io.sparkvlm.job.SparkVlm} is for programs that
 * have the requests in a DataFrame.
 */
package io.sparkvlm.job;
