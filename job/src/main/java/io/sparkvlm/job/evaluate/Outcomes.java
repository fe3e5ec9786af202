package io.sparkvlm.job.evaluate;

import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * How often two runs were right on the same question.
 *
 * @param both questions that both answered right
 * @param onlyFirst those that the first run alone answered right
 * @param onlySecond those that the second run alone answered right
 * @param neither those that both answered wrong
 */
public record Outcomes(long both, long onlyFirst, long onlySecond, long neither) {
    long count() {
        return both + onlyFirst + onlySecond + neither;
    }

    /**
     * The probability of so uneven a split, or a more uneven one, of the questions that one run alone answered right, if neither
     * run were better: McNemar's exact test, two-sided.
     */
    public double p() {
        int uneven = Math.toIntExact(onlyFirst + onlySecond);
        int fewer = Math.toIntExact(Math.min(onlyFirst, onlySecond));
        return Math.min(1, 2 * new BinomialDistribution(null, uneven, 0.5).cumulativeProbability(fewer));
    }
}
