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
import io.sparkvlm.spark.settings.InferenceConfig;
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
        return new OutputStart(output, RunRecord.of(input, output.format(), inference, Optional.empty()), existing);
    }

    /** Runs the job to its end, telling how far it is. */
    public JobSummary run(SparkSession spark, OutputLock lock, PrintWriter progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        long start = System.nanoTime();
        InputSelection.keepSplits(spark);
        JobInput rows =
                JobInput.read(input, inference.preprocessing(), spark, note -> progressTo.println("sparkvlm: " + note));
        start().takeOutFailed(spark, lock);
        RunRecord record = RunRecord.of(input, output.format(), inference, rows.stamp());
        long earlier = new MissingRows(output, lock, record, Map.of(), progressTo)
                .write(
                        rows,
                        (missing, writer, metrics) -> answers(missing, inference, preprocessing, writer, metrics),
                        (missing, writer, metrics) ->
                                answers(missing, inference.alone(), PreprocessingMode.FUSED, writer, metrics));
        JobSummary summary = JobSummary.read(spark, output, earlier, Duration.ofNanos(System.nanoTime() - start));
        summary.requireRows(rows.count());
        output.finish(spark, summary.toJson());
        return summary;
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
