package io.sparkvlm.spark.exchange;

import java.io.Serializable;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Deals buckets to tasks so that all tasks cost about the same: the dearest bucket first, each to the cheapest task.
 */
record CostGroups(long[] bucketCosts) implements PartitionCoalescer, Serializable {
    /** A task so far. */
    private record Group(int index, long cost) {}

    @Override
    public PartitionGroup[] coalesce(int tasks, RDD<?> buckets) {
        Partition[] partitions = buckets.partitions();
        PartitionGroup[] groups = IntStream.range(0, Math.min(tasks, partitions.length))
                .mapToObj(task -> new PartitionGroup(Option.empty()))
                .toArray(PartitionGroup[]::new);
        int[] taskOf = taskOf(groups.length);
        for (Partition partition : partitions) {
            groups[taskOf[partition.index()]].partitions().addOne(partition);
        }
        return groups;
    }

    /** The task of each bucket. */
    int[] taskOf(int tasks) {
        PriorityQueue<Group> cheapest =
                new PriorityQueue<>(Comparator.comparingLong(Group::cost).thenComparingInt(Group::index));
        IntStream.range(0, tasks).forEach(task -> cheapest.add(new Group(task, 0)));
        int[] taskOf = new int[bucketCosts.length];
        int[] dearestFirst = IntStream.range(0, bucketCosts.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(bucket -> -bucketCosts[bucket]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int bucket : dearestFirst) {
            Group group = cheapest.remove();
            taskOf[bucket] = group.index();
            // One more than its rows: buckets of which nothing is known are shared out too.
            cheapest.add(new Group(group.index(), group.cost() + bucketCosts[bucket] + 1));
        }
        return taskOf;
    }
}
