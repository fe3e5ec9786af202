package io.sparkvlm.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.spark.Columns;
import io.sparkvlm.spark.PreprocessingSettings;
import io.sparkvlm.spark.VlmStages;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Which rows does the job answer, how many are they, and how do they come to the engine? A prepared table as it is, and
 * requests as {@code --preprocessing} has it.
 *
 * @param table rows that are prepared when they are asked for, or were before
 * @param exchanged whether a stage of its own makes them
 */
record PreparedRows(long count, Dataset<Row> table, boolean exchanged) {
    /** Enough tasks for every core to have several, so that the last ones to end do not keep the others waiting. */
    private static final int TASKS_PER_CORE = 4;

    /** Twice what an engine works on at once by default: with few rows a task spends its time at its end, half idle. */
    private static final long ROWS_PER_TASK = 128;

    static PreparedRows of(GenerateJob job, SparkSession spark, PrintWriter notes)
            throws JobRefusedException, InterruptedException {
        PreprocessingSettings settings = job.inference().preprocessing();
        Optional<PreparedSource> kept = PreparedSource.of(job.input(), spark);
        if (kept.isPresent()) {
            Dataset<Row> all = kept.get().read(spark, settings);
            notes.println("sparkvlm: " + kept.get().text());
            long count = all.count(); // from the files' footers, and not from the rows
            return new PreparedRows(
                    job.limitRows().map(limit -> Math.min(limit, count)).orElse(count),
                    limited(all, job.limitRows()),
                    false);
        }
        InputScan scan = InputScan.of(limited(RequestSource.of(job.input()).read(spark), job.limitRows()));
        return switch (job.preprocessing()) {
            case FUSED -> new PreparedRows(scan.rows(), VlmStages.prepare(scan.requests(), settings), false);
            case STAGED -> new PreparedRows(scan.rows(), VlmStages.prepareResized(scan.requests(), settings), true);
        };
    }

    /** The rows in the tasks that infer; if a stage of its own makes them, it has run when this returns. */
    Dataset<Row> inTasks() {
        if (!exchanged) {
            return table;
        }
        int cores = table.sparkSession().sparkContext().defaultParallelism();
        long tasks = Math.max(cores, Math.min((long) TASKS_PER_CORE * cores, count / ROWS_PER_TASK));
        return VlmStages.exchange(table, Math.toIntExact(tasks));
    }

    static Dataset<Row> limited(Dataset<Row> rows, Optional<Long> limitRows) {
        return limitRows
                .filter(limit -> limit <= Integer.MAX_VALUE)
                .map(limit -> first(limit.intValue(), rows))
                .orElse(rows);
    }

    /** By where they stood in the input: Spark deals files to partitions by their size, the largest first. */
    private static Dataset<Row> first(int limit, Dataset<Row> rows) {
        String place = "place";
        List<Row> last = rows.select(RowId.place().as(place))
                .orderBy(place)
                .offset(limit - 1)
                .limit(1)
                .select(col(place).getField(Columns.ROW_ID))
                .collectAsList();
        return last.isEmpty() // there are not so many
                ? rows
                : rows.where(RowId.place().leq(RowId.place(lit(last.get(0).getString(0)))));
    }
}
