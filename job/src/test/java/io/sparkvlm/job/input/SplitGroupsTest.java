package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.LocalSpark;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Tasks of many small files go where the files are. */
final class SplitGroupsTest {
    @Test
    void aTaskIsWantedWhereMostOfItsBytesAre() throws IOException {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            RDD<?> splits = context.newAPIHadoopRDD(
                            context.hadoopConfiguration(), OnHosts.class, LongWritable.class, Text.class)
                    .rdd();
            RDD<?> tasks = splits.coalesce(1, false, Option.apply(new SplitGroups(100)), null);
            assertThat(List.of(tasks.partitions()))
                    .extracting(task -> CollectionConverters.asJava(tasks.preferredLocations(task)))
                    .containsExactly(List.of("b"), List.of(), List.of("c"));
        }
    }

    /** Files of an HDFS that has two copies of each. */
    public static final class OnHosts extends TextInputFormat {
        @Override
        public List<InputSplit> getSplits(JobContext job) {
            return List.of(
                    split(20, "a", "b"),
                    split(30, "b", "c"),
                    split(40, "a", "b"),
                    split(10, "b", "d"),
                    split(100),
                    split(60, "c", "d"));
        }

        private static InputSplit split(long bytes, String... hosts) {
            return new FileSplit(new Path("/requests.jsonl"), 0, bytes, hosts);
        }
    }
}
