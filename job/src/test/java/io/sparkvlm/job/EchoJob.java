package io.sparkvlm.job;

import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputLock;
import io.sparkvlm.job.output.OutputStart.Existing;
import io.sparkvlm.job.run.GenerateJob;
import io.sparkvlm.job.run.PreprocessingMode;
import io.sparkvlm.job.run.summary.JobSummary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Jobs as tests run them. */
public final class EchoJob {
    private EchoJob() {}

    /** Answers files into a table, as {@link EchoInference} does. */
    public static GenerateJob of(Path input, Path output) throws JobRefusedException {
        return of(input, ColumnRoles.NONE, output);
    }

    /** Answers files whose columns have roles into a table. */
    public static GenerateJob of(Path input, ColumnRoles roles, Path output) throws JobRefusedException {
        Configuration hadoop = new Configuration();
        return new GenerateJob(
                new InputSelection(
                        RequestFiles.find(input.toString(), InputFormat.AUTO, hadoop), roles, Optional.empty()),
                OutputFolder.of(output.toString(), OutputFormat.PARQUET, hadoop),
                Existing.KEPT,
                EchoInference.config(),
                PreprocessingMode.FUSED);
    }

    /** Runs a job in a session, holding the lock of its output. */
    public static JobSummary run(GenerateJob job, SparkSession spark, Writer progressTo)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        try (OutputLock lock = job.lock(spark.sparkContext().hadoopConfiguration())) {
            return job.run(spark, lock, new PrintWriter(progressTo, true));
        }
    }
}
