/**
 * The two stages of the job as transformations of Spark's tables: rows of requests go in, rows in the layout of the
 * output table come out, and every task of an executor hands its prompts to one engine. A row that cannot be answered
 * comes out with its error; an engine that breaks fails the task attempt. Start reading at {@link
 * io.sparkvlm.spark.VlmStages}, then {@link io.sparkvlm.spark.PrepareIterator} and {@link
 * io.sparkvlm.spark.InferIterator}.
 */
package io.sparkvlm.spark;
