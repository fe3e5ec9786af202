package io.sparkvlm.job.run;

import io.sparkvlm.job.input.DropColumns;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.PlanSettings;
import io.sparkvlm.job.input.PreparedTableFiles;
import io.sparkvlm.job.input.scan.InputScan;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.output.StartRecorder;
import io.sparkvlm.job.run.WriteRounds.Steps;
import io.sparkvlm.job.run.summary.PrepareSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Prepares a table of requests, as far as its output does not hold them from an earlier start. Options and input were
 * checked before; an input that is prepared already is refused here.
 */
public record PrepareJob(
        InputSelection input, OutputFolder output, OutputStart.Existing existing, PreprocessingSettings settings) {
    /** Some dozens of pictures: what a task of generate takes at least, and a reader holds at once. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private static final Map<String, String> FILES = Map.of(
            "parquet.block.size",
            Long.toString(ROW_GROUP_BYTES),
            // Parquet looks at a row group's size every hundred rows at first, and rows may be large.
            "parquet.page.size.row.check.min",
            "1");

    /**
     * The summary of an earlier start that has left nothing to do, and needs no Spark.
     *
     * @throws JobRefusedException where the output holds anything but the same requests
     */
    public Optional<PrepareSummary> finished(Configuration hadoop) throws JobRefusedException, IOException {
        Optional<String> finished = start().finished(hadoop);
        return finished.isPresent()
                ? Optional.of(PrepareSummary.parse(finished.get(), output.path()))
                : Optional.empty();
    }

    /** Keeps other jobs out of the output; {@link #run} needs it. */
    public OutputLock lock(Configuration hadoop) throws JobRefusedException, IOException, InterruptedException {
        return start().lock(hadoop);
    }

    private OutputStart start() throws IOException {
        return new OutputStart(output, RunRecord.ofPreparation(input, settings), existing);
    }

    /** Runs the job to its end, telling how far it is. */
    public PrepareSummary run(SparkSession spark, OutputLock lock, PrintWriter progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), NamedJobs.READING)) {
            return prepared(spark, lock, progressTo);
        }
    }

    private PrepareSummary prepared(SparkSession spark, OutputLock lock, PrintWriter progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        long start = System.nanoTime();
        PlanSettings.choose(input, spark);
        if (PreparedTableFiles.of(input.files(), spark).isPresent()) {
            throw new JobRefusedException("expected requests, found a table that is prepared already");
        }
        Notes notes = new Notes(progressTo);
        InputScan scan = InputScan.of(input, settings.dropColumns(), spark, notes);
        DropColumns.require(scan.requests().schema(), settings.dropColumns());
        try (StartRecorder recorder = StartRecorder.begin(spark.sparkContext(), output)) {
            new MissingRows(output, lock, RunRecord.ofPreparation(input, settings), FILES, recorder, notes)
                    .write(
                            new JobInput(scan.rows(), scan.requests()),
                            Optional.empty(),
                            new Steps("preparing", this::prepared, this::prepared));
            PrepareSummary summary = PrepareSummary.read(spark, output, Duration.ofNanos(System.nanoTime() - start));
            summary.requireRows(scan.rows());
            output.finish(spark, summary.toJson());
            recorder.finished();
            return summary;
        }
    }

    private Dataset<Row> prepared(JobInput rows, PublishingWriter writer, InferenceMetrics metrics) throws IOException {
        return VlmStages.prepareToKeep(writer.unpublished(rows.table()), settings, metrics);
    }
}
