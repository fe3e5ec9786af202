/**
 * The two entrances of the job: arguments of a command line go into {@link io.sparkvlm.job.Main}, a DataFrame of
 * requests goes into {@link io.sparkvlm.job.SparkVlm}. An exit code and a table come out of the one, a DataFrame of
 * answers out of the other. Start reading at {@link io.sparkvlm.job.cli.RootCommand} and {@link
 * io.sparkvlm.job.run.GenerateJob}.
 */
package io.sparkvlm.job;
