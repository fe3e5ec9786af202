package io.sparkvlm.job.dryrun;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.sparkvlm.job.dryrun.FailingRows.Example;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.JudgedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Holds what is known of a job's rows before their media are decoded.
 *
 * @param answerable rows that nothing is found against
 * @param mostRowTokens of prompt and longest answer of one row together
 * @param failing by error code
 */
public record Findings(
        long answerable,
        long promptTokens,
        long visionTokens,
        int mostRowTokens,
        Media images,
        Media videos,
        List<FailingRows> failing) {
    private static final int EXAMPLES = 3;
    private static final String CODE = Columns.ERROR + ".code";
    private static final String PLACE = "place_in_code";

    /** Files of one kind, as they are stored. */
    record Media(long count, long bytes) {}

    public Findings {
        failing = List.copyOf(failing);
    }

    /**
     * Aggregates a table of {@link JudgedTable#SCHEMA}, which is read twice.
     *
     * @param order of the rows in the input
     */
    public static Findings of(Dataset<Row> judged, Column order) {
        Row totals = judged.where(col(Columns.ERROR).isNull())
                .agg(
                        count(lit(1)),
                        total(JudgedTable.PROMPT_TOKENS),
                        total(JudgedTable.VISION_TOKENS),
                        coalesce(max(col(JudgedTable.PROMPT_TOKENS).plus(col(JudgedTable.ANSWER_TOKENS))), lit(0)),
                        total(JudgedTable.IMAGES),
                        total(JudgedTable.IMAGE_BYTES),
                        total(JudgedTable.VIDEOS),
                        total(JudgedTable.VIDEO_BYTES))
                .first();
        return new Findings(
                totals.getLong(0),
                totals.getLong(1),
                totals.getLong(2),
                totals.getInt(3),
                new Media(totals.getLong(4), totals.getLong(5)),
                new Media(totals.getLong(6), totals.getLong(7)),
                failing(judged.where(col(Columns.ERROR).isNotNull()), order));
    }

    private static List<FailingRows> failing(Dataset<Row> errors, Column order) {
        Map<String, List<Example>> examples = new LinkedHashMap<>();
        errors.withColumn(PLACE, row_number().over(Window.partitionBy(col(CODE)).orderBy(order)))
                .where(col(PLACE).leq(EXAMPLES))
                .orderBy(col(CODE), col(PLACE))
                .select(col(CODE), col(Columns.ROW_ID), col(Columns.CUSTOM_ID), col(Columns.ERROR + ".message"))
                .collectAsList()
                .forEach(row -> examples.computeIfAbsent(row.getString(0), code -> new ArrayList<>())
                        .add(new Example(row.getString(1), row.getString(2), row.getString(3))));
        return errors.groupBy(col(CODE)).count().orderBy(col("count").desc(), col("code")).collectAsList().stream()
                .map(row -> new FailingRows(row.getString(0), row.getLong(1), examples.get(row.getString(0))))
                .toList();
    }

    /** The ids of some rows that nothing is found against, anywhere in the input; the same in every run. */
    public static List<String> sample(Dataset<Row> judged, int rows) {
        return judged
                .where(col(Columns.ERROR).isNull())
                .orderBy(xxhash64(col(Columns.ROW_ID)))
                .limit(rows)
                .select(Columns.ROW_ID)
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    long failingRows() {
        return failing.stream().mapToLong(FailingRows::rows).sum();
    }

    public long rows() {
        return answerable + failingRows();
    }

    /** The share of the rows that fail. */
    public double errorFraction() {
        return rows() == 0 ? 0 : (double) failingRows() / rows();
    }

    private static Column total(String column) {
        return coalesce(sum(col(column)), lit(0L));
    }
}
