package io.sparkvlm.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.util.AccumulatorV2;

/** Counts error rows by their codes, for the driver to read while tasks run. */
public final class CodeCounts extends AccumulatorV2<String, Map<String, Long>> {
    private final Map<String, Long> counts = new TreeMap<>();

    @Override
    public boolean isZero() {
        return counts.isEmpty();
    }

    @Override
    public CodeCounts copy() {
        CodeCounts copy = new CodeCounts();
        copy.merge(this);
        return copy;
    }

    @Override
    public synchronized void reset() {
        counts.clear();
    }

    @Override
    public synchronized void add(String code) {
        counts.merge(code, 1L, Long::sum);
    }

    @Override
    public synchronized void merge(AccumulatorV2<String, Map<String, Long>> other) {
        other.value().forEach((code, count) -> counts.merge(code, count, Long::sum));
    }

    /** What was counted until now; a heartbeat sends it while the task counts on. */
    @Override
    public synchronized Map<String, Long> value() {
        return Map.copyOf(counts);
    }
}
