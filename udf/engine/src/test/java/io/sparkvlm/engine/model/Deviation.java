package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

/** How far numbers lie from those expected, as a share of the largest of the latter. */
final class Deviation {
    private Deviation() {}

    static void assertWithin(double share, float[] actual, float[] expected, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = 0;
        double furthest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double distance = Math.abs(actual[i] - expected[i]);
            furthest = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : Math.max(furthest, distance);
        }
        assertThat(furthest / largest).as(what).isLessThan(share);
    }
}
