package io.sparkvlm.job.run;

import io.sparkvlm.job.input.DropColumns;
import io.sparkvlm.job.input.InputScan;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.PreparedTableFiles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Prepares a table of requests. Options and output were checked before; an input that is prepared already is refused
 * here.
 */
public record PrepareJob(InputSelection input, OutputFolder output, PreprocessingSettings settings) {
    /** Some dozens of pictures: what a task of generate takes at least, and a reader holds at once. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    /** Runs the job to its end, telling how far it is. */
    public PrepareSummary run(SparkSession spark, PrintWriter progressTo)
            throws JobRefusedException, InterruptedException, IOException {
        long start = System.nanoTime();
        InputSelection.keepSplits(spark);
        if (PreparedTableFiles.of(input.files(), spark).isPresent()) {
            throw new JobRefusedException("expected requests, found a table that is prepared already");
        }
        InputScan scan =
                InputScan.of(input, settings.dropColumns(), spark, note -> progressTo.println("sparkvlm: " + note));
        DropColumns.require(scan.requests().schema(), settings.dropColumns());
        InferenceMetrics metrics = InferenceMetrics.register(spark.sparkContext());
        try (ProgressDisplay progress = ProgressDisplay.start(spark.sparkContext(), scan.rows(), progressTo)) {
            // The folder was found unused; Append does not mind that it is there.
            VlmStages.prepareToKeep(scan.requests(), settings, metrics)
                    .write()
                    .mode(SaveMode.Append)
                    .option("parquet.block.size", ROW_GROUP_BYTES)
                    // Parquet looks at a row group's size every hundred rows at first, and rows may be large.
                    .option("parquet.page.size.row.check.min", 1)
                    .parquet(output.table().toString());
        }
        return PrepareSummary.read(spark, output, Duration.ofNanos(System.nanoTime() - start));
    }
}
