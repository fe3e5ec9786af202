package io.sparkvlm.job.run;

import io.sparkvlm.job.input.ClusterCores;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.output.StartRecorder;
import io.sparkvlm.job.run.WriteRounds.Steps;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.commit.RowIdColumn;
import io.sparkvlm.spark.commit.RowIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Writes the rows that an output lacks, and says how far it is.
 *
 * @param record of the job, for a later start
 * @param options of the table's files
 * @param start that writes them
 * @param notes of the input
 */
record MissingRows(
        OutputFolder output,
        OutputLock lock,
        RunRecord record,
        Map<String, String> options,
        StartRecorder start,
        Notes notes) {
    /**
     * Returns how many rows were there already.
     *
     * @param equal rows that get the answer of another one
     * @throws JobRefusedException where rows that are there are not in the input any more
     * @throws JobStoppedException where the job was asked to stop before all were there
     */
    long write(JobInput input, Optional<EqualRequests> equal, Steps steps)
            throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        SparkSession spark = input.table().sparkSession();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        RowIds done = RowIdColumn.ofTable(spark, output.table(), ClusterCores.of(spark.sparkContext()));
        input.requireHolds(done);
        if (done.isEmpty()) {
            record.write(output.home(), hadoop);
        } else {
            notes.out().printf("sparkvlm: %,d of %,d rows are there already%n", done.size(), input.count());
        }
        if (done.size() < input.count() || input.isEmpty()) {
            Optional<Path> crashes = spark.sparkContext().isLocal() ? output.crashFile() : Optional.empty();
            try (PublishingWriter writer =
                    new PublishingWriter(output.table(), output.unpublishedFiles(), done, lock, crashes, hadoop)) {
                start.counts(() -> writer.rows() - done.size());
                write(input, equal, steps, writer);
                requireAll(writer, input.count());
            }
        }
        notes.tell("");
        return done.size();
    }

    private void write(JobInput input, Optional<EqualRequests> equal, Steps steps, PublishingWriter writer)
            throws IOException, InterruptedException {
        SparkContext context = input.table().sparkSession().sparkContext();
        InferenceMetrics metrics = InferenceMetrics.register(context);
        JobStop stop = new JobStop(context, writer);
        try (StopSignals.Running running = StopSignals.during(stop::stop);
                ProgressDisplay progress = ProgressDisplay.start(context, work(input, equal, writer), notes)) {
            WriteRounds rounds = new WriteRounds(input, steps, writer, metrics, stop, options, notes.out());
            if (equal.isPresent()) {
                rounds.answerAllBut(equal.get().copies());
                rounds.copy(equal.get(), output);
            }
            rounds.answerAllBut(new RowIds());
        }
    }

    private static ProgressDisplay.Work work(JobInput input, Optional<EqualRequests> equal, PublishingWriter writer) {
        long rows = input.count() - writer.rows();
        long answered = equal.map(it -> input.without(RowIds.union(it.copies(), writer.published()))
                        .count())
                .orElse(rows);
        return new ProgressDisplay.Work(rows, rows - answered);
    }

    private void requireAll(PublishingWriter writer, long rows) throws JobStoppedException {
        if (writer.isStopping() && writer.rows() < rows) {
            start.stopped();
            throw new JobStoppedException(String.format(
                    Locale.ROOT, "stopped with %,d of %,d rows written: %s", writer.rows(), rows, StopSignals.ADVICE));
        }
    }
}
