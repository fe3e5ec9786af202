package io.sparkvlm.job.evaluate;

import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;
import org.apache.spark.sql.Row;

/**
 * The mean score of some rows and the interval that holds the model's true mean in 95 of 100 such samples.
 *
 * @param rows all of them, those without a gold answer among them
 * @param errors scored rows that are errors; they count as wrong
 * @param scored rows that have a gold answer
 * @param mean of the scored rows, 0 to 1
 */
public record Score(long rows, long errors, long scored, double mean, double low, double high) {
    /** Of no rows. */
    static final Score NONE = new Score(0, 0, 0, 0, 0, 1);

    private static final double CONFIDENCE = 0.95;
    /** Of the standard normal distribution, 2.5 % on either side. */
    private static final double DEVIATIONS = 1.959963984540054;

    /**
     * Of the sums over the clusters of a group, where a row without others of its kind is a cluster of its own.
     *
     * @param sums group, rows, errors, scored rows, scores, scores that are neither 0 nor 1, and the sums of n², n·s and s² of
     *     a cluster's scored rows n and scores s, then the clusters that have scored rows
     */
    static Score of(Row sums) {
        long scored = sums.getLong(3);
        double total = sums.getDouble(4);
        double mean = scored == 0 ? 0 : total / scored;
        boolean independent = sums.getLong(9) == scored;
        if (scored == 0) {
            return new Score(sums.getLong(1), sums.getLong(2), 0, 0, 0, 1);
        }
        if (sums.getLong(9) == 1 && !independent) { // one cluster says nothing of others
            return new Score(sums.getLong(1), sums.getLong(2), scored, mean, 0, 1);
        }
        if (independent && sums.getLong(5) == 0) {
            ConfidenceInterval wilson = new WilsonScoreInterval()
                    .createInterval(Math.toIntExact(scored), (int) Math.round(total), CONFIDENCE);
            return new Score(
                    sums.getLong(1), sums.getLong(2), scored, mean, wilson.getLowerBound(), wilson.getUpperBound());
        }
        // The sum over clusters of (s - mean n)²: Miller, Adding Error Bars to Evals, 2024, section 2.2.
        double squares = sums.getDouble(8) - 2 * mean * sums.getDouble(7) + mean * mean * sums.getDouble(6);
        double error = DEVIATIONS * Math.sqrt(Math.max(0, squares)) / scored;
        return new Score(
                sums.getLong(1), sums.getLong(2), scored, mean, Math.max(0, mean - error), Math.min(1, mean + error));
    }

    public long withoutGold() {
        return rows - scored;
    }
}
