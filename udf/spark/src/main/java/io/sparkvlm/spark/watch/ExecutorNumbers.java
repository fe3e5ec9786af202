package io.sparkvlm.spark.watch;

import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineMetric;
import io.sparkvlm.spark.executor.ExecutorResources;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the numbers of this process: what its tasks have counted, and what its engine has. */
final class ExecutorNumbers {
    private ExecutorNumbers() {}

    /** All of them by their names; those of the engine are 0 while none is open. */
    static SortedMap<String, Double> now() {
        SortedMap<String, Double> numbers = new TreeMap<>(RowCounts.OF_THIS_PROCESS.now());
        EngineCounters engine = ExecutorResources.engineCounters();
        for (EngineMetric metric : EngineMetric.values()) {
            numbers.put(metric.wireName(), metric.of(engine).doubleValue());
        }
        return numbers;
    }
}
