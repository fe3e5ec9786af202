package io.sparkvlm.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CostGroupsTest {
    @Test
    void tasksCostTheSameUpToOneBucket() {
        Random random = new Random(3);
        long[] costs = IntStream.range(0, 64)
                .mapToLong(bucket -> 100 + random.nextInt(5_000))
                .toArray();
        long[] tasks = sums(costs, new CostGroups(costs).taskOf(8), 8);
        long all = Arrays.stream(costs).sum();
        assertThat(Arrays.stream(tasks).boxed())
                .allSatisfy(cost -> assertThat(cost).isBetween(all / 8 * 98 / 100, all / 8 * 102 / 100));
    }

    @Test
    void everyBucketHasOneTaskEvenIfNothingIsKnown() {
        int[] taskOf = new CostGroups(new long[12]).taskOf(4);
        assertThat(sums(new long[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, taskOf, 4))
                .containsOnly(3);
    }

    @Test
    void theSameCostsGiveTheSameTasks() {
        long[] costs = {5, 5, 5, 9, 1, 1, 0, 0};
        assertThat(new CostGroups(costs).taskOf(3)).isEqualTo(new CostGroups(costs.clone()).taskOf(3));
    }

    private static long[] sums(long[] costs, int[] taskOf, int tasks) {
        long[] sums = new long[tasks];
        for (int bucket = 0; bucket < costs.length; bucket++) {
            sums[taskOf[bucket]] += costs[bucket];
        }
        return sums;
    }
}
