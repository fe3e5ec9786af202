package io.sparkvlm.job.run;

import io.sparkvlm.job.input.ClusterCores;
import io.sparkvlm.job.input.DataFrameSource;
import io.sparkvlm.job.input.DropColumns;
import io.sparkvlm.job.input.files.DamagedInput;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.RowIdColumn;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of a DataFrame in a session of the user's: describes the answers, or writes them. Their session need not
 * have been started with the plugin that publishes rows while a job runs, so what is written is there in the end, or not at all.
 */
public record DataFrameJob(DataFrameSource requests, InferenceConfig inference, PreprocessingMode preprocessing) {
    private static final Logger LOGGER = LoggerFactory.getLogger(DataFrameJob.class);

    private static final String TIMESTAMP_TYPE = "spark.sql.parquet.outputTimestampType";
    /** Hadoop's own mark comes with the first of several writes. */
    private static final String MARK = "mapreduce.fileoutputcommitter.marksuccessfuljobs";

    /** A row for each row; the model runs with every action. */
    public Dataset<Row> answers() throws JobRefusedException {
        Dataset<Row> table = table();
        return answers(table, metrics(table));
    }

    /** Runs the model once, and reads back what it has written into a folder that is not used yet. */
    public Dataset<Row> write(OutputFolder output, Repeats repeats) throws JobRefusedException, IOException {
        Dataset<Row> table = table();
        SparkSession spark = table.sparkSession();
        boolean chosen = spark.conf().getAll().contains(TIMESTAMP_TYPE);
        if (!chosen) { // Spark's own INT96 loses the zone, and pyarrow takes the year 9999 for 1816.
            spark.conf().set(TIMESTAMP_TYPE, "TIMESTAMP_MICROS");
        }
        try (OutputLock lock = output.lockUnused(spark.sparkContext().hadoopConfiguration());
                NamedJobs named = NamedJobs.of(spark.sparkContext(), "answering rows")) {
            LOGGER.info(
                    "the answers to a DataFrame are written when all are there: started again, a job that was killed"
                            + " answers all rows again");
            switch (repeats) {
                case ANSWERED -> append(answers(table, metrics(table)), output);
                case COPIED -> appendWithCopies(new JobInput(table.count(), table).copying(), output);
            }
            lock.requireHeld();
            output.finish(spark, "");
            return output.read(spark);
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            Optional<String> damage = DamagedInput.of(e);
            if (damage.isPresent()) {
                throw new JobRefusedException(damage.get(), e);
            }
            throw e;
        } finally {
            if (!chosen) {
                spark.conf().unset(TIMESTAMP_TYPE);
            }
        }
    }

    private void appendWithCopies(JobInput rows, OutputFolder output) throws JobRefusedException, IOException {
        SparkSession spark = rows.table().sparkSession();
        InferenceMetrics metrics = metrics(rows.table());
        try (EqualRequests equal = EqualRequests.among(rows, inference.preprocessing())) {
            append(answers(rows.without(equal.copies()).table(), metrics), output);
            append(VlmStages.copied(equal.rows(rows.table(), output.read(spark)), metrics), output);
        }
        JobInput left = rows.without(RowIdColumn.ofTable(spark, output.table(), ClusterCores.of(spark.sparkContext())));
        if (!left.isEmpty()) { // copies of what has no answer that they would get
            append(answers(left.table(), metrics), output);
        }
        long written = output.read(spark).count();
        if (written != rows.count()) {
            throw new JobRefusedException("expected a DataFrame that has the same rows whenever it is read, found "
                    + rows.count() + " rows and then " + written + ": write it into a table, and give that one");
        }
    }

    /** The folder was found unused; Append does not mind that it is there. */
    private static void append(Dataset<Row> rows, OutputFolder output) {
        rows.write()
                .mode(SaveMode.Append)
                .option(MARK, false)
                .parquet(output.table().toString());
    }

    private Dataset<Row> table() throws JobRefusedException {
        Dataset<Row> table = requests.read();
        DropColumns.require(table.schema(), inference.preprocessing().dropColumns());
        return table;
    }

    private static InferenceMetrics metrics(Dataset<Row> table) {
        return InferenceMetrics.register(table.sparkSession().sparkContext());
    }

    private Dataset<Row> answers(Dataset<Row> table, InferenceMetrics metrics) {
        return preprocessing.answers(table, inference, metrics, rows -> rows);
    }
}
