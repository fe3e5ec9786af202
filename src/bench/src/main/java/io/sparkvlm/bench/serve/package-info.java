/**
 * Servers under load: requests of many clients at once go in; rates, times to the first token and statuses come out. Start reading
 * at {@link io.sparkvlm.bench.serve.ServeBench} and {@link io.sparkvlm.bench.serve.AbuseBench}.
 */
package io.sparkvlm.bench.serve;
