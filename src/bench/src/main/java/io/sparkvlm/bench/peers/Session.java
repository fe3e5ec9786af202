package io.sparkvlm.bench.peers;

import java.util.Map;

/**
 * What a contender did from its start to its end.
 *
 * @param firstTokenSeconds from the start of its process to the first token of a request of text
 * @param peakBytes of memory that its processes took at once
 */
record Session(double firstTokenSeconds, long peakBytes, Map<WorkloadKind, Answered> workloads) {}
