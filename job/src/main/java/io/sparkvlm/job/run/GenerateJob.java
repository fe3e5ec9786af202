package io.sparkvlm.job.run;

import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.commit.RowIdColumn;
import io.sparkvlm.spark.commit.RowIds;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Answers a table of requests, as far as its output does not hold their answers from an earlier start. Options and input
 * were checked before; only a prepared table is still refused here.
 */
public record GenerateJob(
        InputSelection input,
        OutputFolder output,
        OutputStart.Existing existing,
        InferenceConfig inference,
        PreprocessingMode preprocessing) {
    /**
     * The summary of an earlier start that has left nothing to do, and needs no Spark.
     *
     * @throws JobRefusedException where the output holds anything but answers to the same requests
     */
    public Optional<JobSummary> finished(Configuration hadoop) throws JobRefusedException, IOException {
        Optional<String> finished = start().finished(hadoop);
        return finished.isPresent() ? Optional.of(JobSummary.parse(finished.get(), output.path())) : Optional.empty();
    }

    /** Keeps other jobs out of the output; {@link #run} needs it. */
    public OutputLock lock(Configuration hadoop) throws JobRefusedException, IOException {
        return start().lock(hadoop);
    }

    private OutputStart start() throws IOException {
        return new OutputStart(output, RunRecord.of(input, output.format(), inference, Optional.empty()), existing);
    }

    /** Runs the job to its end, telling how far it is. */
    public JobSummary run(SparkSession spark, OutputLock lock, PrintWriter progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        long start = System.nanoTime();
        InputSelection.keepSplits(spark);
        JobInput rows =
                JobInput.read(input, inference.preprocessing(), spark, note -> progressTo.println("sparkvlm: " + note));
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        RowIds done = RowIdColumn.ofTable(spark, output.table());
        if (done.isEmpty()) {
            RunRecord.of(input, output.format(), inference, rows.stamp()).write(output.home(), hadoop);
        } else {
            progressTo.printf("sparkvlm: %,d of %,d rows are answered already%n", done.size(), rows.count());
        }
        if (done.size() < rows.count() || rows.count() == 0) {
            Optional<java.nio.file.Path> crashes =
                    spark.sparkContext().isLocal() ? output.crashFile() : Optional.empty();
            try (PublishingWriter writer =
                    new PublishingWriter(output.table(), output.unpublishedFiles(), done, lock, crashes, hadoop)) {
                answer(rows, writer, progressTo);
                requireNotStopped(writer, rows.count());
            }
        }
        JobSummary summary = JobSummary.read(spark, output, done.size(), Duration.ofNanos(System.nanoTime() - start));
        summary.requireRows(rows.count());
        output.finish(spark, summary.toJson());
        return summary;
    }

    private void answer(JobInput rows, PublishingWriter writer, PrintWriter progressTo)
            throws IOException, InterruptedException {
        SparkSession spark = rows.table().sparkSession();
        InferenceMetrics metrics = InferenceMetrics.register(spark.sparkContext());
        JobInput missing = rows.without(writer.published());
        try (StopSignals.Running running = StopSignals.during(writer::stop);
                ProgressDisplay progress = ProgressDisplay.start(spark.sparkContext(), missing.count(), progressTo)) {
            writer.write(answers(missing, inference, preprocessing, writer, metrics));
            long left = rows.count() - writer.rows();
            if (left > 0 && !writer.isStopping()) {
                progressTo.printf(
                        "sparkvlm: %,d rows were being computed when their process died: now each is computed alone%n",
                        left);
                writer.writeAlone(answers(
                        rows.without(writer.published()), inference.alone(), PreprocessingMode.FUSED, writer, metrics));
            }
        }
    }

    private void requireNotStopped(PublishingWriter writer, long rows) throws JobStoppedException {
        if (writer.isStopping() && writer.rows() < rows) {
            throw new JobStoppedException(String.format(
                    Locale.ROOT, "stopped with %,d of %,d rows answered: %s", writer.rows(), rows, StopSignals.ADVICE));
        }
    }

    private static Dataset<Row> answers(
            JobInput rows,
            InferenceConfig inference,
            PreprocessingMode preprocessing,
            PublishingWriter writer,
            InferenceMetrics metrics) {
        return rows.stamp().isPresent()
                ? VlmStages.infer(writer.unpublished(rows.table()), inference, metrics)
                : preprocessing.answers(rows.table(), inference, metrics, writer::unpublished);
    }
}
