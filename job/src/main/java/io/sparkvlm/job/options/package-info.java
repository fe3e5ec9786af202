/**
 * The options of the commands about tables, files and Spark, in groups that several commands share: words that picocli
 * has parsed go in. Selected inputs, output folders and a session come out, checked as far as the driver can check
 * them. Start reading at {@link io.sparkvlm.job.options.InputOptions} and {@link io.sparkvlm.job.options.HelpGroup}.
 */
package io.sparkvlm.job.options;
