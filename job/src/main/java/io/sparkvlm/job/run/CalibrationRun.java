package io.sparkvlm.job.run;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.dryrun.Calibration;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Answers some rows of a job to see how long they take: some for which engines and decoders start and the JVM compiles, then
 * twice as many each time, until they have taken long enough for a job's own speed. The rows lie on the executors' disks, so
 * that finding them in the input takes none of their time.
 *
 * @param untilRead from the start of the process until the input was known
 */
record CalibrationRun(GenerateJob job, JobInput input, Duration untilRead) {
    /** Too few to fill an engine, and enough to see whether more would take minutes. */
    private static final int FIRST_ROWS = 8;

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    /** The rows that are wanted to measure with so many at most; of a small job a part. */
    static int wantedRows(int mostRows, long answerable) {
        int measured = (int) Math.min(mostRows, Math.max(FIRST_ROWS, answerable / 4));
        return measured + Math.min(measured, FIRST_ROWS);
    }

    /** @param rowIds of rows that nothing is found against */
    Optional<Calibration> measure(List<String> rowIds) {
        if (rowIds.isEmpty()) {
            return Optional.empty();
        }
        SparkSession spark = input.table().sparkSession();
        JavaRDD<Row> kept = these(input.table(), rowIds)
                .repartition(Math.min(rowIds.size(), spark.sparkContext().defaultParallelism()))
                .toJavaRDD() // row by row, for each may be large
                .persist(StorageLevel.DISK_ONLY());
        Dataset<Row> rows = spark.createDataFrame(kept, input.table().schema());
        try (NamedJobs named = NamedJobs.of(spark.sparkContext(), "calibrating")) {
            int warmUp = Math.min(FIRST_ROWS, rowIds.size() / 2);
            long begun = System.nanoTime();
            long unused = answer(these(rows, rowIds.subList(0, warmUp)));
            Duration first = Duration.ofNanos(System.nanoTime() - begun);
            Calibration warm = measure(rows, rowIds.subList(warmUp, rowIds.size()), FIRST_ROWS);
            return Optional.of(warm.withStart(untilRead.plus(first), warmUp));
        } finally {
            kept.unpersist();
        }
    }

    private Calibration measure(Dataset<Row> rows, List<String> rowIds, int wanted) {
        int count = rowIds.size() < 3 * wanted ? rowIds.size() : wanted; // the last time all that are left
        Dataset<Row> some = these(rows, rowIds.subList(0, count));
        long start = System.nanoTime();
        long answerTokens = answer(some);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return count == rowIds.size() || time.compareTo(LONG_ENOUGH) >= 0
                ? new Calibration(count, answerTokens, time, Duration.ZERO)
                : measure(rows, rowIds.subList(count, rowIds.size()), 2 * wanted);
    }

    private static Dataset<Row> these(Dataset<Row> rows, List<String> rowIds) {
        return rows.where(col(Columns.ROW_ID).isInCollection(rowIds));
    }

    /** Returns the number of the answers' tokens. */
    private long answer(Dataset<Row> rows) {
        InferenceMetrics metrics = InferenceMetrics.register(rows.sparkSession().sparkContext());
        Dataset<Row> answers = input.stamp().isPresent()
                ? VlmStages.infer(rows, job.inference(), metrics)
                : VlmStages.answer(rows, job.inference(), metrics);
        return answers.select(coalesce(col(Columns.USAGE + ".completion_tokens"), lit(0L))).collectAsList().stream()
                .mapToLong(row -> row.getLong(0))
                .sum();
    }
}
