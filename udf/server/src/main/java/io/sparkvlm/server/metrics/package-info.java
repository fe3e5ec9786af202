/**
 * What is counted of requests: what becomes of each goes in, Prometheus' text format comes out. Start reading at {@link
 * io.sparkvlm.server.metrics.ServerMetrics}.
 */
package io.sparkvlm.server.metrics;
