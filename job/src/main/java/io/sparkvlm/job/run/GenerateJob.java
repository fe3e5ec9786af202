package io.sparkvlm.job.run;

import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Answers a table of requests. Options, input and output were checked before; only a prepared table is still refused
 * here.
 */
public record GenerateJob(
        InputSelection input, OutputFolder output, InferenceConfig inference, PreprocessingMode preprocessing) {
    /** Runs the job to its end, telling how far it is. */
    public JobSummary run(SparkSession spark, PrintWriter progressTo)
            throws JobRefusedException, InterruptedException, IOException {
        long start = System.nanoTime();
        InputSelection.keepSplits(spark);
        JobInput rows =
                JobInput.read(input, inference.preprocessing(), spark, note -> progressTo.println("sparkvlm: " + note));
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        output.discardUnfinished(hadoop);
        RunRecord.of(input, inference, rows.stamp()).write(output.table(), hadoop);
        InferenceMetrics metrics = InferenceMetrics.register(spark.sparkContext());
        try (ProgressDisplay progress = ProgressDisplay.start(spark.sparkContext(), rows.count(), progressTo)) {
            // The folder was found unused; Append does not mind that it is there.
            answers(rows, metrics)
                    .write()
                    .mode(SaveMode.Append)
                    .parquet(output.table().toString());
        }
        JobSummary summary = JobSummary.read(spark, output, Duration.ofNanos(System.nanoTime() - start));
        output.finish(spark);
        return summary;
    }

    private Dataset<Row> answers(JobInput rows, InferenceMetrics metrics) {
        return rows.stamp().isPresent()
                ? VlmStages.infer(rows.table(), inference, metrics)
                : preprocessing.answers(rows.table(), inference, metrics);
    }
}
