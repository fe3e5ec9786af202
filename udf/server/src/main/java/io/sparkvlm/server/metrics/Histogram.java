package io.sparkvlm.server.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts values up to bounds, as Prometheus has them. Thread-safe. */
final class Histogram {
    private final double[] bounds;
    private final LongAdder[] counts; // those up to each bound and above the one before, then the rest
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(double... ascendingBounds) {
        this.bounds = ascendingBounds.clone();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(double value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(value);
    }

    double sum() {
        return sum.sum();
    }

    /** Hears each bound, infinity last, with how many values were at most that. */
    void forEach(Bucket heard) {
        long upTo = 0;
        for (int i = 0; i < counts.length; i++) {
            upTo += counts[i].sum();
            heard.bucket(i < bounds.length ? Double.toString(bounds[i]) : "+Inf", upTo);
        }
    }

    /** Hears of a bucket. */
    @FunctionalInterface
    interface Bucket {
        void bucket(String bound, long count);
    }
}
