package io.sparkvlm.spark.table;

import java.time.Duration;

/** Converts durations to the tables' columns in milliseconds, and back. */
final class Milliseconds {
    private static final double NANOS_PER_MILLI = 1e6;

    private Milliseconds() {}

    static double of(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLI;
    }

    static Duration duration(double milliseconds) {
        return Duration.ofNanos(Math.round(milliseconds * NANOS_PER_MILLI));
    }
}
