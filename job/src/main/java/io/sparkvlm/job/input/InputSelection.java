package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.Columns;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Names the rows that a job takes: files of requests, or of a prepared table, and how many of their rows.
 *
 * @param roles of the columns of a table that has no requests
 * @param limitRows the job takes so many rows from the start of the input; all of them where it is empty
 */
public record InputSelection(RequestFiles files, ColumnRoles roles, Optional<Long> limitRows) {
    /**
     * Reads the selected requests.
     *
     * @param notes told, a line each, what the table has otherwise than the input
     */
    public Dataset<Row> readRequests(SparkSession spark, Consumer<String> notes) throws JobRefusedException {
        return firstOf(RequestSources.of(files, roles).read(spark, notes));
    }

    /** Keeps the rows that the limit takes, by where they stood in the input. */
    public Dataset<Row> firstOf(Dataset<Row> rows) {
        return limitRows
                .filter(limit -> limit <= Integer.MAX_VALUE)
                .map(limit -> first(limit.intValue(), rows))
                .orElse(rows);
    }

    /** Executors that join meanwhile would change how the input is split between one look at it and the next. */
    public static void keepSplits(SparkSession spark) {
        spark.conf()
                .set(
                        "spark.sql.leafNodeDefaultParallelism",
                        spark.sparkContext().defaultParallelism());
    }

    /** Orders by the place in the input: Spark deals files to partitions by their size, the largest first. */
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
