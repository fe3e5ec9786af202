/**
 * The options that say how rows are answered: words that picocli has parsed go in, of the engine, of the media, of
 * sampling and of the fields of requests. The settings of the stages come out. Start reading at {@link
 * io.sparkvlm.job.options.inference.InferenceOptions} and {@link io.sparkvlm.job.options.inference.RequestOptions}.
 */
package io.sparkvlm.job.options.inference;
