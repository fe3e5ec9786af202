/**
 * The engine for programs that use DJL: a {@code Criteria} goes in, and a {@code ZooModel} comes out whose predictors answer
 * OpenAI chat requests. Start reading at {@link io.sparkvlm.job.djl.SparkVlmEngine}.
 */
package io.sparkvlm.job.djl;
