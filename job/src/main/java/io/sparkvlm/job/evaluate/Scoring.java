package io.sparkvlm.job.evaluate;

import io.sparkvlm.job.metric.MetricName;
import java.util.Optional;

/**
 * Says how the rows of a table are scored.
 *
 * @param gold the column of the right answers: a value, several in an array, or structs with a field {@code answer}
 * @param choices the column of the choices that a question offers
 * @param cluster the column whose equal values mark rows that are not independent, as questions about one picture
 */
public record Scoring(MetricName metric, String gold, Optional<String> choices, Optional<String> cluster) {}
