package io.sparkvlm.job.show;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.show.TableSummary.Latency;
import io.sparkvlm.job.text.VisibleText;
import io.sparkvlm.spark.table.Columns;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Reads an output table: its figures as a whole and the first of its rows. Only these are collected from the
 * executors.
 */
public record OutputTable(Dataset<Row> rows) {
    private static final String PLACE = "place_in_code";
    /** How close a percentile comes: within a thousandth of the rows. */
    private static final int PERCENTILE_ACCURACY = 1_000;

    /** Of all rows, and how many of them the filter takes. */
    public TableSummary summary(RowFilter filter) {
        List<Row> byCode = rows.groupBy(col(Columns.ERROR + ".code"))
                .agg(
                        count(lit(1)),
                        sum(when(filter.condition(), 1).otherwise(0)),
                        usage("prompt_tokens"),
                        usage("vision_tokens"),
                        usage("completion_tokens"),
                        percentiles("total_ms"),
                        percentiles("ttft_ms"))
                .collectAsList();
        SortedMap<String, Long> errors = new TreeMap<>();
        TableSummary summary = TableSummary.EMPTY;
        long matching = 0;
        for (Row row : byCode) {
            matching += row.getLong(2);
            if (row.isNullAt(0)) {
                summary = new TableSummary(
                        row.getLong(1),
                        new TreeMap<>(),
                        0,
                        new TableSummary.Tokens(row.getLong(3), row.getLong(4), row.getLong(5)),
                        latency(row));
            } else {
                errors.put(row.getString(0), row.getLong(1));
            }
        }
        return new TableSummary(summary.answered(), errors, matching, summary.tokens(), summary.latency());
    }

    /**
     * The first rows that the filter takes.
     *
     * @param order of the rows in the input
     */
    public List<ShownRow> first(int limit, RowFilter filter, Column order) {
        return shown(rows.where(filter.condition()).orderBy(order).limit(limit));
    }

    /**
     * The first rows of each error code.
     *
     * @param order of the rows in the input
     */
    public List<ShownRow> firstOfEachCode(int limit, Column order) {
        WindowSpec ofCode = Window.partitionBy(col(Columns.ERROR + ".code")).orderBy(order);
        return shown(rows.where(col(Columns.ERROR).isNotNull())
                .withColumn(PLACE, row_number().over(ofCode))
                .where(col(PLACE).leq(limit))
                .orderBy(col(Columns.ERROR + ".code"), col(PLACE)));
    }

    private static List<ShownRow> shown(Dataset<Row> few) {
        return few
                .select(
                        col(Columns.ROW_ID),
                        col(Columns.CUSTOM_ID),
                        col("status_code"),
                        col("text").substr(1, VisibleText.MAX_CHARACTERS).as("text"),
                        length(col("text")).as(ShownRow.TEXT_CHARACTERS),
                        col("finish_reason"),
                        col(Columns.USAGE),
                        col(Columns.ERROR),
                        col("media"),
                        col("timing"),
                        col("warnings"))
                .collectAsList()
                .stream()
                .map(ShownRow::of)
                .toList();
    }

    private static Optional<Latency> latency(Row row) {
        return row.isNullAt(6) || row.isNullAt(7)
                ? Optional.empty()
                : Optional.of(new Latency(
                        row.<Double>getList(6).get(0),
                        row.<Double>getList(6).get(1),
                        row.<Double>getList(6).get(2),
                        row.<Double>getList(7).get(0)));
    }

    private static Column percentiles(String field) {
        return percentile_approx(
                col("timing." + field), array(lit(0.5), lit(0.95), lit(1.0)), lit(PERCENTILE_ACCURACY));
    }

    private static Column usage(String field) {
        return sum(col(Columns.USAGE + "." + field));
    }
}
