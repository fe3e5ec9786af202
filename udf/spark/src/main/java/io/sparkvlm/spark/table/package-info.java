/**
 * The layouts of the tables before, between and after the stages: values of the preprocessing and the engine go in,
 * Spark's rows come out, and the other way around. What a kept table was prepared with is written into its metadata.
 * Start reading at {@link io.sparkvlm.spark.table.Columns}, then {@link io.sparkvlm.spark.table.RequestTable}, {@link
 * io.sparkvlm.spark.table.PreparedTable} and {@link io.sparkvlm.spark.table.OutputRow}.
 */
package io.sparkvlm.spark.table;
