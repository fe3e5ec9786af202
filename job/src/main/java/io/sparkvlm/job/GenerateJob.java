package io.sparkvlm.job;

import io.sparkvlm.spark.InferenceConfig;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Answers a table of requests; whatever could refuse the job has been asked before. */
record GenerateJob(
        RequestFiles input,
        OutputFolder output,
        InferenceConfig inference,
        PreprocessingPlace preprocessing,
        Optional<Long> limitRows) {
    /** Runs the job to its end, telling how far it is. */
    JobSummary run(SparkSession spark, PrintWriter progressTo)
            throws JobRefusedException, InterruptedException, IOException {
        long start = System.nanoTime();
        keepSplits(spark);
        PreparedRows rows = PreparedRows.of(this, spark, progressTo);
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        output.discardUnfinished(hadoop);
        RunRecord.of(this, rows.madeFor()).write(output.table(), hadoop);
        InferenceMetrics metrics = InferenceMetrics.register(spark.sparkContext());
        try (ProgressDisplay progress = ProgressDisplay.start(spark.sparkContext(), rows.count(), progressTo)) {
            // The folder was found unused; Append does not mind that it is there.
            VlmStages.infer(rows.inTasks(this, metrics), inference, metrics)
                    .write()
                    .mode(SaveMode.Append)
                    .parquet(output.table().toString());
        }
        JobSummary summary = JobSummary.read(spark, output, Duration.ofNanos(System.nanoTime() - start));
        output.finish(spark);
        return summary;
    }

    /** Executors that join meanwhile would change how the input is split between one look at it and the next. */
    static void keepSplits(SparkSession spark) {
        spark.conf()
                .set(
                        "spark.sql.leafNodeDefaultParallelism",
                        spark.sparkContext().defaultParallelism());
    }
}
