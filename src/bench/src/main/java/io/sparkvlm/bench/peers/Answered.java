package io.sparkvlm.bench.peers;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a contender took for a workload.
 *
 * @param engineSeconds without its start
 * @param wholeSeconds with the start and the end of its process, where it was started for this workload alone
 * @param stepSeconds the median of steps that only decode; 0 where there are none
 * @param promptTokens by the request's id
 * @param completionTokens by the request's id
 */
record Answered(
        double engineSeconds,
        OptionalDouble wholeSeconds,
        double stepSeconds,
        Map<String, Integer> promptTokens,
        Map<String, Integer> completionTokens) {}
