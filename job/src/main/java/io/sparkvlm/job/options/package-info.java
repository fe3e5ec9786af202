/**
 * The options of the commands, in groups that several commands share: words that picocli has parsed go in. Settings of
 * the stages, selected inputs and output folders come out, checked as far as the driver can check them. Start reading
 * at {@link io.sparkvlm.job.options.InferenceOptions} and {@link io.sparkvlm.job.options.RequestOptions}.
 */
package io.sparkvlm.job.options;
