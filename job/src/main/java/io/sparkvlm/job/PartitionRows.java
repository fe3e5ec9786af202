package io.sparkvlm.job;

import io.sparkvlm.spark.Columns;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many rows has each partition of the input? Known, it lets {@code --limit} take the first rows, exactly. */
record PartitionRows(List<Long> counts) {
    static PartitionRows count(Dataset<Row> table) {
        return new PartitionRows(table.select(Columns.ROW_ID)
                .javaRDD()
                .mapPartitions(rows -> List.of(size(rows)).iterator())
                .collect());
    }

    /** The first rows of the table that was counted, in the order of its partitions. */
    Dataset<Row> first(long limit, Dataset<Row> table) {
        long[] before = new long[counts.size()];
        for (int i = 1; i < before.length; i++) {
            before[i] = before[i - 1] + counts.get(i - 1);
        }
        long[] take = LongStream.of(before)
                .map(earlier -> Math.max(0, limit - earlier))
                .toArray();
        JavaRDD<Row> rows = table.javaRDD().mapPartitionsWithIndex(new FirstOfEach(take), true);
        return table.sparkSession().createDataFrame(rows, table.schema());
    }

    private static long size(Iterator<Row> rows) {
        long size = 0;
        for (; rows.hasNext(); rows.next()) {
            size++;
        }
        return size;
    }

    /** As many rows of each partition as are its share. */
    private record FirstOfEach(long[] take) implements Function2<Integer, Iterator<Row>, Iterator<Row>> {
        @Override
        public Iterator<Row> call(Integer partition, Iterator<Row> rows) {
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                    .limit(take[partition])
                    .iterator();
        }
    }
}
