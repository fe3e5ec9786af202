package io.sparkvlm.job.input.fields;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.spark.util.AccumulatorV2;

/**
 * Gathers what tasks found, by keys. To merge a value twice must change nothing: a task may run twice.
 *
 * <p>Thread-safe: a task writes and the executor's heartbeats read.
 */
public final class MergedMap<V> extends AccumulatorV2<Map<String, V>, Map<String, V>> {
    private final Merge<V> merge;
    private final Map<String, V> values = new HashMap<>();

    public MergedMap(Merge<V> merge) {
        this.merge = merge;
    }

    /** Makes one value of two. */
    public interface Merge<V> extends BinaryOperator<V>, Serializable {}

    @Override
    public synchronized boolean isZero() {
        return values.isEmpty();
    }

    @Override
    public synchronized AccumulatorV2<Map<String, V>, Map<String, V>> copy() {
        MergedMap<V> copy = new MergedMap<>(merge);
        copy.add(values);
        return copy;
    }

    @Override
    public synchronized void reset() {
        values.clear();
    }

    @Override
    public synchronized void add(Map<String, V> found) {
        found.forEach((key, value) -> values.merge(key, value, merge));
    }

    @Override
    public void merge(AccumulatorV2<Map<String, V>, Map<String, V>> other) {
        add(other.value());
    }

    @Override
    public synchronized Map<String, V> value() {
        return Map.copyOf(values);
    }
}
