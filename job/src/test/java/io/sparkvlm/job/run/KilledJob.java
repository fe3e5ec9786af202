package io.sparkvlm.job.run;

import io.sparkvlm.job.CountingEngine;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.job.FlakyFileSystem;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.InputFormat;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A job in a process of its own, which a test kills: from outside, or from within at a step of a rename. Prints its
 * summary, or the line of its refusal.
 */
final class KilledJob {
    static final int ROWS_PER_FILE = 8;
    static final int IN_FLIGHT = 8;
    static final int CORES = 2;

    private KilledJob() {}

    /** Input, output, format, and perhaps the step and the beginning of the file's name at which to end. */
    public static void main(String[] args) throws Exception {
        if (args.length > 3) {
            FlakyFileSystem.follow((step, name) -> {
                if (step.name().equals(args[3]) && name.startsWith(args[4])) {
                    Runtime.getRuntime().halt(137);
                }
            });
        }
        StopSignals.take();
        CountingEngine.script("killed", asked -> false);
        Configuration hadoop = new Configuration();
        FlakyFileSystem.register(hadoop);
        GenerateJob job = new GenerateJob(
                new InputSelection(
                        RequestFiles.find(args[0], InputFormat.AUTO, hadoop), ColumnRoles.NONE, Optional.empty()),
                OutputFolder.of(args[1], OutputFormat.valueOf(args[2]), hadoop),
                Existing.KEPT,
                EchoInference.config(
                        new CountingEngine.Source("killed"),
                        new WebAccess(List.of("localhost"), List.of("127.0.0.0/8", "::1/128")),
                        7),
                PreprocessingMode.FUSED);
        try {
            if (job.finished(hadoop).isPresent()) {
                System.out.println("finished");
                System.exit(0);
            }
            try (OutputLock lock = job.lock(hadoop);
                    SparkSession spark = LocalSpark.withCores(CORES)) {
                spark.conf().set("spark.sql.files.maxRecordsPerFile", ROWS_PER_FILE);
                FlakyFileSystem.register(spark.sparkContext().hadoopConfiguration());
                System.out.println("running");
                System.out.println(job.run(spark, lock, new PrintWriter(new StringWriter()))
                        .text());
            }
            System.exit(0);
        } catch (JobRefusedException e) {
            System.out.println("refused: " + e.getMessage());
            System.exit(2);
        } catch (JobStoppedException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }
}
