package io.sparkvlm.spark.exchange;

import java.util.Arrays;
import org.apache.spark.SparkContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Sums what the rows of each bucket cost, in tokens: the tasks add, the driver reads. A stage that is run again adds
 * its rows twice, which makes the sums worse and no row wrong.
 */
final class BucketCosts extends AccumulatorV2<BucketCosts.Cost, long[]> {
    /** Only its task adds to a copy; a heartbeat that reads it meanwhile may miss the last row. */
    private final long[] tokens;

    private BucketCosts(long[] tokens) {
        this.tokens = tokens;
    }

    /** A row that came into a bucket. */
    record Cost(int bucket, long tokens) {}

    static BucketCosts register(SparkContext context, int buckets) {
        BucketCosts costs = new BucketCosts(new long[buckets]);
        context.register(costs, "sparkvlm.bucket_cost_tokens");
        return costs;
    }

    @Override
    public boolean isZero() {
        return Arrays.stream(tokens).allMatch(sum -> sum == 0);
    }

    @Override
    public BucketCosts copy() {
        return new BucketCosts(tokens.clone());
    }

    @Override
    public void reset() {
        Arrays.fill(tokens, 0);
    }

    @Override
    public void add(Cost cost) {
        tokens[cost.bucket()] += cost.tokens();
    }

    @Override
    public void merge(AccumulatorV2<Cost, long[]> other) {
        Arrays.setAll(tokens, bucket -> tokens[bucket] + other.value()[bucket]);
    }

    @Override
    public long[] value() {
        return tokens.clone();
    }
}
