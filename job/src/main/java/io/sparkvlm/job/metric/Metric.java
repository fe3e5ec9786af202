package io.sparkvlm.job.metric;

/** Scores an answer, from 0 where it is wrong to 1 where it is right. */
@FunctionalInterface
public interface Metric {
    double score(String answer, Gold gold);
}
