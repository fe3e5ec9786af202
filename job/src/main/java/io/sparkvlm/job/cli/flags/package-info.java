/**
 * How words of a command line become options: their defaults in a properties file, the environment and Spark's configuration, vLLM's
 * flags, and the groups of the help. The parser of a command goes in, and comes out knowing them; no command is known here. Start
 * reading at {@link io.sparkvlm.job.cli.flags.OptionDefaults} and {@link io.sparkvlm.job.cli.flags.VllmFlags}.
 */
package io.sparkvlm.job.cli.flags;
