/**
 * Scores of one answer against its gold answers, as the benchmarks of the field define them; knows neither tables nor
 * Spark. Start at {@link io.sparkvlm.job.metric.Metric}.
 */
package io.sparkvlm.job.metric;
