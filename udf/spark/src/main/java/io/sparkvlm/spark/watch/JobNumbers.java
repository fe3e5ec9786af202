package io.sparkvlm.spark.watch;

import io.sparkvlm.api.EngineMetric;
import io.sparkvlm.api.EngineMetric.Kind;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Adds up the numbers of a job's executors. Thread-safe: executors tell theirs while others read. */
final class JobNumbers {
    private static final Set<String> GAUGES = Arrays.stream(EngineMetric.values())
            .filter(metric -> metric.kind() == Kind.GAUGE)
            .map(EngineMetric::wireName)
            .collect(Collectors.toSet());

    private final Map<String, Map<String, Double>> ofExecutors = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    /** Notes all numbers of an executor, in the place of those that it told before. */
    void told(String executor, Map<String, Double> numbers) {
        ofExecutors.compute(
                executor, (id, before) -> ended.contains(executor) ? counted(numbers) : Map.copyOf(numbers));
    }

    /** Keeps what an executor that is no more has counted, and forgets what it held. */
    void ended(String executor) {
        ended.add(executor); // at first: what it still sends may come late
        ofExecutors.computeIfPresent(executor, (id, numbers) -> counted(numbers));
    }

    private static Map<String, Double> counted(Map<String, Double> numbers) {
        Map<String, Double> counted = new TreeMap<>(numbers);
        counted.keySet().removeAll(GAUGES);
        return counted;
    }

    double sum(String name) {
        return ofExecutors.values().stream()
                .mapToDouble(numbers -> numbers.getOrDefault(name, 0.0))
                .sum();
    }
}
