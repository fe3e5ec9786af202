package io.sparkvlm.job.evaluate;

import io.sparkvlm.job.metric.MetricName;
import java.util.Optional;

/**
 * Says how the rows of a table are scored.
 *
 * @param expression of SQL over the columns of the table, which scores in the place of the metric where it is there
 * @param gold the column of the right answers: a value, several in an array, or structs with a field {@code answer}
 * @param choices the column of the choices that a question offers
 * @param cluster the column whose equal values mark rows that are not independent, as questions about one picture
 */
public record Scoring(
        MetricName metric,
        Optional<String> expression,
        String gold,
        Optional<String> choices,
        Optional<String> cluster) {
    /** One by a metric that is there. */
    public Scoring(MetricName metric, String gold, Optional<String> choices, Optional<String> cluster) {
        this(metric, Optional.empty(), gold, choices, cluster);
    }

    /** What scores, as users wrote it. */
    String name() {
        return expression.orElse(metric.toString());
    }
}
