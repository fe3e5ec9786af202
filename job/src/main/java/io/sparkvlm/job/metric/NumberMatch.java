package io.sparkvlm.job.metric;

import java.util.OptionalDouble;

/** Compares the last number of an answer with that of the gold answer: after its reasons, a model says its result. */
final class NumberMatch implements Metric {
    /** Numbers that are written with other digits of the same value are equal. */
    private static final double ROUNDING = 1e-9;

    @Override
    public double score(String answer, Gold gold) {
        OptionalDouble found = Numbers.last(answer);
        return found.isEmpty() ? 0 : gold.best(right -> isEqual(found.getAsDouble(), Numbers.last(right)) ? 1 : 0);
    }

    private static boolean isEqual(double found, OptionalDouble right) {
        return right.isPresent()
                && Math.abs(found - right.getAsDouble()) <= ROUNDING * Math.max(1, Math.abs(right.getAsDouble()));
    }
}
