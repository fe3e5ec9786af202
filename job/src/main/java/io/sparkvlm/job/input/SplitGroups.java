package io.sparkvlm.job.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.spark.Partition;
import org.apache.spark.rdd.NewHadoopPartition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gives splits that follow one another to one task, in their order, up to so many bytes: each of many small files has a split. A task
 * is wanted where most of its bytes are.
 */
record SplitGroups(long bytes) implements PartitionCoalescer, Serializable {
    /** Spark holds Hadoop's settings, some 60 kB, for each split that a task has read, until the task ends. */
    private static final int MOST_SPLITS = 200;

    @Override
    public PartitionGroup[] coalesce(int unused, RDD<?> splits) {
        List<Group> groups = new ArrayList<>();
        for (Partition split : splits.partitions()) {
            long length = length(split);
            if (groups.isEmpty() || !groups.get(groups.size() - 1).hasRoom(length, bytes)) {
                groups.add(new Group());
            }
            groups.get(groups.size() - 1)
                    .add(split, length, CollectionConverters.asJava(splits.preferredLocations(split)));
        }
        return groups.stream().map(Group::ofSpark).toArray(PartitionGroup[]::new);
    }

    /** The splits of a task, and how many of their bytes a host has. */
    private static final class Group {
        private final List<Partition> splits = new ArrayList<>();
        private final Map<String, Long> bytesOfHost = new LinkedHashMap<>();
        private long bytes;

        boolean hasRoom(long more, long mostBytes) {
            return bytes + more <= mostBytes && splits.size() < MOST_SPLITS;
        }

        void add(Partition split, long length, List<String> hosts) {
            splits.add(split);
            bytes += length;
            hosts.forEach(host -> bytesOfHost.merge(host, length, Long::sum));
        }

        PartitionGroup ofSpark() {
            Optional<String> host = bytesOfHost.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey);
            PartitionGroup group = new PartitionGroup(Option.apply(host.orElse(null)));
            splits.forEach(group.partitions()::addOne);
            return group;
        }
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
