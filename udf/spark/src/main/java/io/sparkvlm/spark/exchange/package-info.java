/**
 * The exchange between the stages: prepared rows go in as one stage made them. The same rows come out, dealt to tasks
 * that cost about the same in tokens. Start reading at {@link io.sparkvlm.spark.exchange.CostExchange}.
 */
package io.sparkvlm.spark.exchange;
