/**
 * The job beside other engines: dimensions and workloads go in; seconds, memory and ratios of all that were run by turns on
 * this machine come out. Start reading at {@link io.sparkvlm.bench.peers.PeersBench}.
 */
package io.sparkvlm.bench.peers;
