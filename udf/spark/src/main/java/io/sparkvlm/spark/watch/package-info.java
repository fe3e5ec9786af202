/**
 * What a person who watches a job sees of it in Spark. In goes what the driver is about to do and what tasks and engines have counted, out
 * come the names on Spark's pages and the numbers in its metrics. Start reading at {@link io.sparkvlm.spark.watch.NamedJobs} and {@link
 * io.sparkvlm.spark.watch.MetricsPlugin}.
 */
package io.sparkvlm.spark.watch;
