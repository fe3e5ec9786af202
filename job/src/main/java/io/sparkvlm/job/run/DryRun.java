package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.dryrun.Calibration;
import io.sparkvlm.job.dryrun.DryRunReport;
import io.sparkvlm.job.dryrun.EqualRows;
import io.sparkvlm.job.dryrun.Findings;
import io.sparkvlm.job.input.PlanSettings;
import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Looks at all rows of a job as the job would, but for their pixels, and writes nothing.
 *
 * @param calibrationRows that are answered to see how long they take, 0 for none
 * @param pricePerHour of all machines together
 */
public record DryRun(GenerateJob job, int calibrationRows, OptionalDouble pricePerHour) {
    /** Reads the input some three times, whatever its size; the driver holds counts, a bit a copy, and the calibration's rows. */
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
        job.requireRequestsForServers(input);
        notes.tell("");
        Dataset<Row> judged = judged(input).persist(StorageLevel.DISK_ONLY());
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), "judging requests")) {
            Findings findings = Findings.of(judged, RowId.place());
            return new DryRunReport(
                    findings,
                    equalRows(input, judged),
                    job.repeats() == Repeats.COPIED,
                    calibration(input, Findings.sample(judged, 2 * calibrationRows)),
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

    private EqualRows equalRows(JobInput input, Dataset<Row> judged) {
        try (EqualRequests equal = EqualRequests.among(input, job.inference().preprocessing())) {
            return new EqualRows(
                    equal.copies().size(),
                    equal.copiesAmong(judged.where(col(Columns.ERROR).isNull())));
        }
    }

    /** Answers half of the rows, for which engines and decoders start and the JVM compiles, and then takes the time of the others. */
    private Optional<Calibration> calibration(JobInput input, List<String> rowIds) {
        if (rowIds.isEmpty()) {
            return Optional.empty();
        }
        int measured = (rowIds.size() + 1) / 2;
        try (NamedJobs named = NamedJobs.of(input.table().sparkSession().sparkContext(), "calibrating")) {
            answerTokens(input, rows(input, rowIds.subList(measured, rowIds.size())));
            Dataset<Row> rows = rows(input, rowIds.subList(0, measured));
            long start = System.nanoTime();
            long tokens = answerTokens(input, rows);
            return Optional.of(new Calibration(measured, tokens, Duration.ofNanos(System.nanoTime() - start)));
        }
    }

    /** The rows by themselves, so that finding them in the input takes none of their time. */
    private static Dataset<Row> rows(JobInput input, List<String> rowIds) {
        List<Row> rows =
                input.table().where(col(Columns.ROW_ID).isInCollection(rowIds)).collectAsList();
        return input.table().sparkSession().createDataFrame(rows, input.table().schema());
    }

    private long answerTokens(JobInput input, Dataset<Row> rows) {
        InferenceMetrics metrics = InferenceMetrics.register(rows.sparkSession().sparkContext());
        Dataset<Row> answers = input.stamp().isPresent()
                ? VlmStages.infer(rows, job.inference(), metrics)
                : VlmStages.answer(rows, job.inference(), metrics);
        return answers.select(coalesce(col(Columns.USAGE + ".completion_tokens"), lit(0L))).collectAsList().stream()
                .mapToLong(row -> row.getLong(0))
                .sum();
    }
}
