package io.sparkvlm.job.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.spark.Partition;
import org.apache.spark.rdd.NewHadoopPartition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/** Gives splits that follow one another to one task, in their order, up to so many bytes: each of many small files has a split. */
record SplitGroups(long bytes) implements PartitionCoalescer, Serializable {
    /** Spark holds Hadoop's settings, some 60 kB, for each split that a task has read, until the task ends. */
    private static final int MOST_SPLITS = 200;

    @Override
    public PartitionGroup[] coalesce(int unused, RDD<?> splits) {
        List<PartitionGroup> groups = new ArrayList<>();
        long room = 0;
        int splitsOfGroup = 0;
        for (Partition split : splits.partitions()) {
            long length = length(split);
            if (groups.isEmpty() || length > room || splitsOfGroup == MOST_SPLITS) {
                groups.add(new PartitionGroup(Option.empty()));
                room = bytes;
                splitsOfGroup = 0;
            }
            room -= length;
            splitsOfGroup++;
            groups.get(groups.size() - 1).partitions().addOne(split);
        }
        return groups.toArray(PartitionGroup[]::new);
    }

    private static long length(Partition partition) {
        try {
            InputSplit split =
                    ((NewHadoopPartition) partition).serializableHadoopSplit().value();
            return split.getLength();
        } catch (Exception e) { // declared for splits that ask a server
            throw new IllegalStateException("expected the length of a split of a file", e);
        }
    }
}
