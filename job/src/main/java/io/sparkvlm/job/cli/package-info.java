/**
 * The command line: arguments, the properties file and Spark's configuration go in. A job that is run to its end and
 * an exit code come out; everything that can be refused is refused in one line before the first task. Start reading at
 * {@link io.sparkvlm.job.cli.RootCommand} and {@link io.sparkvlm.job.cli.GenerateCommand}.
 */
package io.sparkvlm.job.cli;
