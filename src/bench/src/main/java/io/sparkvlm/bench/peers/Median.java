package io.sparkvlm.bench.peers;

import java.util.Arrays;

/** The middle one of several numbers. */
final class Median {
    private Median() {}

    /** 0 of none. */
    static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return 0;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
