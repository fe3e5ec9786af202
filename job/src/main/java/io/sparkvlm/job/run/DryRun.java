package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.col;

import io.sparkvlm.job.dryrun.DryRunReport;
import io.sparkvlm.job.dryrun.EqualRows;
import io.sparkvlm.job.dryrun.Findings;
import io.sparkvlm.job.input.PlanSettings;
import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Looks at all rows of a job as the job would, but for their pixels, and writes nothing.
 *
 * @param calibrationRows that are answered at most to see how long they take, 0 for none
 * @param pricePerHour of all machines together
 * @param begun when what a job needs began to start
 */
public record DryRun(GenerateJob job, int calibrationRows, OptionalDouble pricePerHour, Instant begun) {
    /** Reads the input some three times, whatever its size; the driver holds counts and a bit a copy. */
    public DryRunReport run(SparkSession spark, PrintWriter progressTo)
            throws JobRefusedException, InterruptedException, IOException {
        PlanSettings.choose(job.input(), spark);
        Notes notes = new Notes(progressTo);
        JobInput input;
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), NamedJobs.READING)) {
            input = JobInput.read(
                    job.input(),
                    job.begunWith(spark.sparkContext().hadoopConfiguration()),
                    job.inference().preprocessing(),
                    spark,
                    notes);
        }
        Duration untilRead = Duration.between(begun, Instant.now());
        job.requireRequestsForServers(input);
        notes.tell("");
        Dataset<Row> judged = judged(input).persist(StorageLevel.DISK_ONLY());
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), "judging requests")) {
            Findings findings = Findings.of(judged, RowId.place());
            return new DryRunReport(
                    findings,
                    equalRows(input, judged),
                    job.repeats() == Repeats.COPIED,
                    new CalibrationRun(job, input, untilRead).measure(sample(judged, findings)),
                    List.of(),
                    pricePerHour);
        } finally {
            judged.unpersist();
        }
    }

    private Dataset<Row> judged(JobInput input) {
        return input.stamp().isPresent()
                ? VlmStages.judgePrepared(input.table())
                : VlmStages.judge(input.table(), job.inference().preprocessing());
    }

    private List<String> sample(Dataset<Row> judged, Findings findings) {
        return Findings.sample(judged, CalibrationRun.wantedRows(calibrationRows, findings.answerable()));
    }

    private EqualRows equalRows(JobInput input, Dataset<Row> judged) {
        try (EqualRequests equal = EqualRequests.among(input, job.inference().preprocessing())) {
            return new EqualRows(
                    equal.copies().size(),
                    equal.copiesAmong(judged.where(col(Columns.ERROR).isNull())));
        }
    }
}
