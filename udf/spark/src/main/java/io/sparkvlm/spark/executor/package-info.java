/**
 * What the tasks of one executor share: settings and an engine's source go in. A preprocessor comes out, and a place in
 * the engine for each row, whose engine is replaced when it breaks; the GPU is the one that Spark assigned. Start reading
 * at {@link io.sparkvlm.spark.executor.InFlightRows} and {@link io.sparkvlm.spark.executor.ExecutorResources}.
 */
package io.sparkvlm.spark.executor;
