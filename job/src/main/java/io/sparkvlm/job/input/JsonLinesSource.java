package io.sparkvlm.job.input;

import io.sparkvlm.job.input.files.LineFiles;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.files.TextCodecs;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;

/**
 * Reads requests from lines of JSON. A line's id is its file and the byte it starts at, which Hadoop's text format
 * tells and Spark's hides; its bytes go on as they are, so that those which are not UTF-8 are seen. Blank lines are
 * no rows.
 */
final class JsonLinesSource implements RequestSource {
    private static final StructType SCHEMA = new StructType()
            .add(Columns.ROW_ID, DataTypes.StringType, false)
            .add(Columns.REQUEST, DataTypes.BinaryType, false);

    /** Enough tasks for every core to have several, so that the last ones to end do not keep the others waiting. */
    private static final int TASKS_PER_CORE = 4;

    private static final long MIN_SPLIT_BYTES = 32 << 10;
    private static final long MAX_SPLIT_BYTES = 32 << 20;

    private final RequestFiles files;

    JsonLinesSource(RequestFiles files) {
        this.files = files;
    }

    @Override
    public Dataset<Row> read(SparkSession spark, Consumer<String> notes) throws JobRefusedException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int cores = ClusterCores.of(spark.sparkContext());
        Configuration hadoop = TextCodecs.in(context.hadoopConfiguration());
        if (hadoop.get(FileInputFormat.SPLIT_MAXSIZE) == null) {
            hadoop.setLong(FileInputFormat.SPLIT_MAXSIZE, splitBytes(cores));
        }
        JavaRDD<Row> rows = ((JavaNewHadoopRDD<LongWritable, Text>)
                        context.newAPIHadoopRDD(inputOf(hadoop), LineFiles.class, LongWritable.class, Text.class))
                .mapPartitionsWithInputSplit(new LinesOfSplit(files.root().toString()), true);
        return spark.createDataFrame(inTasks(rows, hadoop, cores), SCHEMA);
    }

    /** Of few splits each has a task; those of many small files share tasks of the size that one large file's have. */
    private JavaRDD<Row> inTasks(JavaRDD<Row> splits, Configuration hadoop, int cores) {
        int count = splits.getNumPartitions();
        if (count <= cores * TASKS_PER_CORE) {
            return splits;
        }
        long mostBytes = hadoop.getLong(FileInputFormat.SPLIT_MAXSIZE, MAX_SPLIT_BYTES);
        SplitGroups groups = new SplitGroups(Math.min(mostBytes, taskBytes(cores)));
        return new JavaRDD<>(splits.rdd().coalesce(count, false, Option.apply(groups), null), splits.classTag());
    }

    private Configuration inputOf(Configuration hadoop) throws JobRefusedException {
        try {
            Job job = Job.getInstance(hadoop);
            FileInputFormat.setInputPaths(
                    job, files.files().stream().map(FileStatus::getPath).toArray(Path[]::new));
            return job.getConfiguration();
        } catch (IOException e) {
            throw new JobRefusedException("the input cannot be read: " + RootCause.of(e), e);
        }
    }

    private long splitBytes(int cores) {
        return Math.max(MIN_SPLIT_BYTES, taskBytes(cores));
    }

    private long taskBytes(int cores) {
        return Math.min(MAX_SPLIT_BYTES, files.bytes() / ((long) cores * TASKS_PER_CORE));
    }

    /** The lines of a split, wherever it was cut. */
    private record LinesOfSplit(String root)
            implements Function2<InputSplit, Iterator<Tuple2<LongWritable, Text>>, Iterator<Row>> {
        @Override
        public Iterator<Row> call(InputSplit split, Iterator<Tuple2<LongWritable, Text>> lines) {
            String file = RequestFiles.relative(new Path(root), ((FileSplit) split).getPath());
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
                    .filter(line -> !isBlank(line._2()))
                    .map(line -> row(file, line._1().get(), line._2()))
                    .iterator();
        }

        private static Row row(String file, long offset, Text line) {
            return RowFactory.create(RowId.of(file, offset), line.copyBytes());
        }

        /** JSON's white space only. */
        private static boolean isBlank(Text line) {
            byte[] bytes = line.getBytes();
            for (int i = 0; i < line.getLength(); i++) {
                if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                    return false;
                }
            }
            return true;
        }
    }
}
