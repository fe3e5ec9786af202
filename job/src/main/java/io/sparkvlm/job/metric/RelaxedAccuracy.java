package io.sparkvlm.job.metric;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Relaxed accuracy of ChartQA (Masry et al., 2022, end of section 5.1): numbers may be off by 5 %, since they are read from
 * charts by eye.
 */
final class RelaxedAccuracy implements Metric {
    private static final double MAX_RELATIVE_CHANGE = 0.05;

    @Override
    public double score(String answer, Gold gold) {
        return gold.best(right -> isRight(answer, right) ? 1 : 0);
    }

    private static boolean isRight(String answer, String right) {
        OptionalDouble found = value(answer);
        OptionalDouble expected = value(right);
        if (found.isEmpty() || expected.isEmpty() || expected.getAsDouble() == 0) {
            return answer.toLowerCase(Locale.ROOT).equals(right.toLowerCase(Locale.ROOT));
        }
        double change = Math.abs(found.getAsDouble() - expected.getAsDouble()) / Math.abs(expected.getAsDouble());
        return change <= MAX_RELATIVE_CHANGE;
    }

    private static OptionalDouble value(String text) {
        if (!text.endsWith("%")) {
            return Numbers.parse(text);
        }
        OptionalDouble percent = Numbers.parse(text.replaceFirst("%+$", ""));
        return percent.isPresent() ? OptionalDouble.of(percent.getAsDouble() / 100) : percent;
    }
}
