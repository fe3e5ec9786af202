package io.sparkvlm.job.evaluate;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Draws pairs of rows with replacement, as many as there are, again and again, to see how the mean difference varies: the paired
 * bootstrap with percentiles (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Rows that belong
 * together are drawn together.
 */
public final class PairedBootstrap {
    private static final int MOST_SAMPLES = 10_000;
    private static final int FEWEST_SAMPLES = 1_000;
    /** Some ten seconds of a core. */
    private static final long MOST_DRAWS = 1_000_000_000L;

    private static final long SEED = 1;
    /** Per cent on either side of 95. */
    private static final double TAIL = 2.5;

    private PairedBootstrap() {}

    /**
     * What is drawn together.
     *
     * @param rows of a cluster, or 1
     * @param difference the sum of the rows' second scores without their first
     * @param times how many clusters are like it
     */
    record Value(long rows, double difference, long times) {}

    /**
     * The mean difference, and the interval that holds the true one in 95 of 100 such pairs of runs.
     *
     * @param samples that were drawn
     */
    public record Interval(double mean, double low, double high, int samples) {}

    static Interval of(List<Value> values) {
        int clusters = Math.toIntExact(values.stream().mapToLong(Value::times).sum());
        double[] rows = new double[clusters];
        double[] differences = new double[clusters];
        int next = 0;
        for (Value value : values) {
            for (long i = 0; i < value.times(); i++) {
                rows[next] = value.rows();
                differences[next++] = value.difference();
            }
        }
        int samples = (int) Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, MOST_DRAWS / clusters));
        double[] means = IntStream.range(0, samples)
                .parallel()
                .mapToDouble(sample -> mean(rows, differences, new SplittableRandom(SEED + sample)))
                .toArray();
        Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(means);
        double mean =
                IntStream.range(0, clusters).mapToDouble(i -> differences[i]).sum()
                        / IntStream.range(0, clusters).mapToDouble(i -> rows[i]).sum();
        return new Interval(mean, percentile.evaluate(TAIL), percentile.evaluate(100 - TAIL), samples);
    }

    private static double mean(double[] rows, double[] differences, SplittableRandom random) {
        double allRows = 0;
        double all = 0;
        for (int i = 0; i < rows.length; i++) {
            int drawn = random.nextInt(rows.length);
            allRows += rows[drawn];
            all += differences[drawn];
        }
        return all / allRows;
    }
}
