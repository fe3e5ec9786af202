package io.sparkvlm.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.spark.Columns;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.PreparedFor;
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
 * @param table requests, or rows that were prepared before
 * @param madeFor what they were prepared with, if they were
 */
record PreparedRows(long count, Dataset<Row> table, Optional<PreparedFor> madeFor) {
    static PreparedRows of(GenerateJob job, SparkSession spark, PrintWriter notes)
            throws JobRefusedException, InterruptedException {
        Optional<PreparedSource> kept = PreparedSource.of(job.input(), spark);
        if (kept.isPresent()) {
            Dataset<Row> all = kept.get().read(spark, job.inference().preprocessing());
            notes.println("sparkvlm: " + kept.get().text());
            long count = all.count(); // from the files' footers, and not from the rows
            return new PreparedRows(
                    job.limitRows().map(limit -> Math.min(limit, count)).orElse(count),
                    limited(all, job.limitRows()),
                    Optional.of(kept.get().madeFor()));
        }
        InputScan scan = InputScan.of(limited(RequestSource.of(job.input()).read(spark), job.limitRows()));
        return new PreparedRows(scan.rows(), scan.requests(), Optional.empty());
    }

    /** The rows in the tasks that infer; if a stage of its own makes them, it has run when this returns. */
    Dataset<Row> inTasks(GenerateJob job, InferenceMetrics metrics) {
        return madeFor.isPresent()
                ? table
                : job.preprocessing().prepared(table, job.inference().preprocessing(), metrics);
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
