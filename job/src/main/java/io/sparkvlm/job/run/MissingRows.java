package io.sparkvlm.job.run;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.commit.RowIdColumn;
import io.sparkvlm.spark.commit.RowIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes the rows that an output lacks, and says how far it is.
 *
 * @param record of the job, for a later start
 * @param options of the table's files
 */
record MissingRows(
        OutputFolder output, OutputLock lock, RunRecord record, Map<String, String> options, PrintWriter progressTo) {
    /** Makes rows of the output from rows of the input. */
    @FunctionalInterface
    interface Step {
        Dataset<Row> rows(JobInput missing, PublishingWriter writer, InferenceMetrics metrics) throws IOException;
    }

    /**
     * Returns how many rows were there already.
     *
     * @param alone the same for rows whose process died while it computed them
     * @throws JobStoppedException where the job was asked to stop before all were there
     */
    long write(JobInput input, Step step, Step alone) throws JobStoppedException, IOException, InterruptedException {
        SparkSession spark = input.table().sparkSession();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        RowIds done = RowIdColumn.ofTable(spark, output.table());
        if (done.isEmpty()) {
            record.write(output.home(), hadoop);
        } else {
            progressTo.printf("sparkvlm: %,d of %,d rows are there already%n", done.size(), input.count());
        }
        if (done.size() < input.count() || input.count() == 0) {
            Optional<Path> crashes = spark.sparkContext().isLocal() ? output.crashFile() : Optional.empty();
            try (PublishingWriter writer =
                    new PublishingWriter(output.table(), output.unpublishedFiles(), done, lock, crashes, hadoop)) {
                write(input, step, alone, writer);
                requireNotStopped(writer, input.count());
            }
        }
        return done.size();
    }

    private void write(JobInput input, Step step, Step alone, PublishingWriter writer)
            throws IOException, InterruptedException {
        SparkSession spark = input.table().sparkSession();
        InferenceMetrics metrics = InferenceMetrics.register(spark.sparkContext());
        JobInput missing = input.without(writer.published());
        JobStop stop = new JobStop(spark.sparkContext(), writer);
        try (StopSignals.Running running = StopSignals.during(stop::stop);
                ProgressDisplay progress = ProgressDisplay.start(spark.sparkContext(), missing.count(), progressTo)) {
            stop.write(() -> step.rows(missing, writer, metrics), options);
            long left = input.count() - writer.rows();
            if (left > 0 && !writer.isStopping()) {
                progressTo.printf(
                        "sparkvlm: %,d rows were being computed when their process died: now each is computed alone%n",
                        left);
                writer.writeAlone(alone.rows(input.without(writer.published()), writer, metrics));
            }
        }
    }

    private static void requireNotStopped(PublishingWriter writer, long rows) throws JobStoppedException {
        if (writer.isStopping() && writer.rows() < rows) {
            throw new JobStoppedException(String.format(
                    Locale.ROOT, "stopped with %,d of %,d rows written: %s", writer.rows(), rows, StopSignals.ADVICE));
        }
    }
}
