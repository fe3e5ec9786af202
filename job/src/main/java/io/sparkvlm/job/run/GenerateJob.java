package io.sparkvlm.job.run;

import io.sparkvlm.job.input.JobSource;
import io.sparkvlm.job.input.PlanSettings;
import io.sparkvlm.job.lake.TableVersion;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.output.StartRecorder;
import io.sparkvlm.job.run.WriteRounds.Steps;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.table.PreparationStamp;
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
import org.apache.spark.sql.types.StructType;

/**
 * Answers a table of requests, as far as its output does not hold their answers from an earlier start. Options and input
 * were checked before; only a prepared table is still refused here.
 */
public record GenerateJob(
        JobSource input,
        OutputFolder output,
        OutputStart.Existing existing,
        InferenceConfig inference,
        PreprocessingMode preprocessing,
        Repeats repeats) {
    /** One that answers each row. */
    public GenerateJob(
            JobSource input,
            OutputFolder output,
            OutputStart.Existing existing,
            InferenceConfig inference,
            PreprocessingMode preprocessing) {
        this(input, output, existing, inference, preprocessing, Repeats.ANSWERED);
    }

    /**
     * The summary of an earlier start that has left nothing to do, and needs no Spark.
     *
     * @throws JobRefusedException where the output holds anything but answers to the same requests
     */
    public Optional<JobSummary> finished(Configuration hadoop) throws JobRefusedException, IOException {
        OutputStart start = start();
        Optional<String> finished = start.finished(hadoop);
        return finished.isPresent()
                ? Optional.of(JobSummary.parse(finished.get(), output.path()))
                        .filter(summary -> !start.takesOut(summary.errors().keySet()))
                : Optional.empty();
    }

    /** Keeps other jobs out of the output; {@link #run} needs it. */
    public OutputLock lock(Configuration hadoop) throws JobRefusedException, IOException, InterruptedException {
        return start().lock(hadoop);
    }

    private OutputStart start() throws IOException {
        return new OutputStart(output, record(Optional.empty()), existing);
    }

    /** The version of the input's table that an earlier start has read, whose rows stay. */
    Optional<TableVersion> begunWith(Configuration hadoop) throws JobRefusedException, IOException {
        return start().kept(hadoop).flatMap(RunRecord::tableVersion);
    }

    private RunRecord record(Optional<PreparationStamp> stamp) throws IOException {
        RunRecord record = RunRecord.of(input, output.format(), inference, stamp);
        if (repeats == Repeats.COPIED) {
            record = record.withSetting("dedupe", "true");
        }
        return output.committedTo().isPresent()
                ? record.withSetting("output-table", output.committedTo().get().name())
                : record;
    }

    private RunRecord record(JobInput rows) throws IOException {
        RunRecord record = record(rows.stamp());
        return rows.version().map(record::withTableVersion).orElse(record);
    }

    /** Runs the job to its end, telling how far it is. */
    public JobSummary run(SparkSession spark, OutputLock lock, PrintWriter progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), NamedJobs.READING)) {
            return answered(spark, lock, progressTo);
        }
    }

    private JobSummary answered(SparkSession spark, OutputLock lock, PrintWriter progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        long start = System.nanoTime();
        PlanSettings.choose(input, spark);
        Optional<TableVersion> frozen = begunWith(spark.sparkContext().hadoopConfiguration());
        Notes notes = new Notes(progressTo);
        JobInput read = JobInput.read(input, frozen, inference.preprocessing(), spark, notes);
        requireRequestsForServers(read);
        JobInput rows = repeats == Repeats.COPIED ? read.copying() : read;
        if (output.committedTo().isPresent()) {
            output.committedTo().get().prepare(outputSchema(rows), spark);
        }
        start().takeOutFailed(spark, lock);
        try (StartRecorder recorder = StartRecorder.begin(spark.sparkContext(), output)) {
            MissingRows missing = new MissingRows(output, lock, record(rows), Map.of(), recorder, notes);
            long earlier = write(rows, missing);
            JobSummary summary = JobSummary.read(spark, output, earlier, Duration.ofNanos(System.nanoTime() - start));
            summary.requireRows(rows.count());
            output.finish(spark, summary.toJson());
            recorder.finished();
            return summary;
        }
    }

    void requireRequestsForServers(JobInput rows) throws JobRefusedException {
        if (rows.stamp().isPresent() && inference.engine().isRemote()) {
            throw new JobRefusedException(
                    "expected requests with --engine=openai, found a table that is prepared: its pictures are resized for"
                            + " the job's own engine");
        }
    }

    private long write(JobInput rows, MissingRows missing)
            throws JobRefusedException, JobStoppedException, IOException, InterruptedException {
        Steps steps = new Steps(
                "answering",
                (some, writer, metrics) -> answers(some, inference, preprocessing, writer, metrics),
                (some, writer, metrics) -> answers(some, inference.alone(), PreprocessingMode.FUSED, writer, metrics));
        if (repeats == Repeats.ANSWERED) {
            return missing.write(rows, Optional.empty(), steps);
        }
        try (NamedJobs named = NamedJobs.of(rows.table().sparkSession().sparkContext(), "comparing requests");
                EqualRequests equal = EqualRequests.among(rows, inference.preprocessing())) {
            return missing.write(rows, Optional.of(equal), steps);
        }
    }

    private StructType outputSchema(JobInput rows) {
        InferenceMetrics metrics =
                InferenceMetrics.register(rows.table().sparkSession().sparkContext());
        return (rows.stamp().isPresent()
                        ? VlmStages.infer(rows.table(), inference, metrics)
                        : VlmStages.answer(rows.table(), inference, metrics))
                .schema();
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
