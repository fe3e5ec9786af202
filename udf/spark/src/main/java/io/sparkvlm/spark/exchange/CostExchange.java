package io.sparkvlm.spark.exchange;

import static org.apache.spark.sql.functions.col;

import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.watch.NamedJobs;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import scala.Option;

/**
 * Exchanges prepared rows so that the tasks behind the exchange cost about the same, and prepares no row twice for
 * it.
 *
 * <p>What a row costs is known only once it is prepared, and a row that is prepared is as large as its pictures. So
 * rows are exchanged by a hash of their ids into more buckets than there are tasks, which counts each bucket's cost
 * on the way; then the driver deals whole buckets to tasks. The hash makes the exchange the same however often a
 * task is run.
 */
public final class CostExchange {
    /** Many enough that the dearest bucket is small beside a task. */
    private static final int BUCKETS_PER_TASK = 8;

    /** Every task of the first stage writes a piece for every bucket. */
    private static final int MOST_BUCKETS = 2048;

    /** Enough tasks for every core to have several, so that the last ones to end do not keep the others waiting. */
    private static final int TASKS_PER_CORE = 4;

    /** Twice what an engine works on at once by default: with few rows a task spends its time at its end, half idle. */
    private static final long ROWS_PER_TASK = 128;

    private CostExchange() {}

    /**
     * Runs the stage that the rows come from.
     *
     * @param exchangedRows counts the rows as they come into the exchange
     */
    public static Dataset<Row> balanced(Dataset<Row> prepared, int cores, LongAccumulator exchangedRows) {
        SparkSession spark = prepared.sparkSession();
        StructType schema = prepared.schema();
        int mostTasks = TASKS_PER_CORE * cores;
        int buckets = Math.max(mostTasks, Math.min(BUCKETS_PER_TASK * mostTasks, MOST_BUCKETS));
        BucketCosts costs = BucketCosts.register(spark.sparkContext(), buckets);
        // With adaptive execution, as is Spark's default, asking for the RDD runs the stage up to the exchange; without
        // it rows and costs are not known yet, so there is a task for each core and every task gets as many buckets. A
        // number of partitions that was asked for is left as it is.
        RDD<Row> exchanged;
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), "preparing rows")) {
            exchanged = prepared.mapPartitions(
                            new BucketStage(PreparedTable.of(schema), buckets, costs, exchangedRows),
                            Encoders.row(schema.add(Columns.BUCKET, DataTypes.IntegerType)))
                    .repartitionById(buckets, col(Columns.BUCKET))
                    .drop(Columns.BUCKET)
                    .rdd();
        }
        long rows = exchangedRows.value();
        long fewest = rows > 0 ? Math.min(cores, rows) : cores;
        long tasks = Math.max(fewest, Math.min(mostTasks, rows / ROWS_PER_TASK));
        RDD<Row> grouped =
                exchanged.coalesce(Math.toIntExact(tasks), false, Option.apply(new CostGroups(costs.value())), null);
        return spark.createDataFrame(new JavaRDD<>(grouped, exchanged.elementClassTag()), schema);
    }
}
