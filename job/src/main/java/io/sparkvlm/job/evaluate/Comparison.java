package io.sparkvlm.job.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.VisibleText;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * How the scores of two tables differ over the rows that both have scored.
 *
 * @param pairs of rows with the same key
 * @param withoutPartner scored rows of either table that the other has not scored
 * @param first the mean score of the first table's rows, 0 to 1
 * @param second that of the second table's
 * @param difference of the second mean from the first, with its interval
 * @param outcomes where every score is 0 or 1
 */
public record Comparison(
        long pairs,
        long withoutPartner,
        double first,
        double second,
        PairedBootstrap.Interval difference,
        Optional<Outcomes> outcomes) {
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    private static final String OTHER_KEY = ": name another column with --on, as row_id for two runs over one input";

    /**
     * Pairs the rows of two tables and compares their scores.
     *
     * @param key the column by which rows are pairs
     * @throws JobRefusedException where a key names several rows, or no row of both
     */
    public static Comparison of(ScoredTable first, ScoredTable second, String key) throws JobRefusedException {
        return first.read(() -> read(first, second, key));
    }

    private static Comparison read(ScoredTable first, ScoredTable second, String key) throws JobRefusedException {
        Dataset<Row> ofFirst = first.scores(key);
        Dataset<Row> ofSecond = second.scores(key);
        long scored = requireDifferent(ofFirst, key) + requireDifferent(ofSecond, key);
        Dataset<Row> pairs = ofFirst.withColumnRenamed(ScoredTable.SCORE, FIRST)
                .join(
                        ofSecond.select(
                                col(ScoredTable.KEY), col(ScoredTable.SCORE).as(SECOND)),
                        new String[] {ScoredTable.KEY},
                        "inner");
        Row sums = pairs.agg(
                        count(lit(1)),
                        avg(FIRST),
                        avg(SECOND),
                        sum(number(isOne(FIRST).and(isOne(SECOND)))),
                        sum(number(isOne(FIRST).and(isZero(SECOND)))),
                        sum(number(isZero(FIRST).and(isOne(SECOND)))),
                        sum(number(isZero(FIRST).and(isZero(SECOND)))))
                .first();
        long count = sums.getLong(0);
        if (count == 0) {
            throw new JobRefusedException("expected rows of both tables with the same " + VisibleText.line(key)
                    + " and a gold answer, found none" + OTHER_KEY);
        }
        Outcomes outcomes = new Outcomes(sums.getLong(3), sums.getLong(4), sums.getLong(5), sums.getLong(6));
        return new Comparison(
                count,
                scored - 2 * count,
                sums.getDouble(1),
                sums.getDouble(2),
                PairedBootstrap.of(differences(pairs, first.isClustered())),
                outcomes.count() == count ? Optional.of(outcomes) : Optional.empty());
    }

    /** The rows of one table that have a score and a key. */
    private static long requireDifferent(Dataset<Row> scores, String key) throws JobRefusedException {
        Row keys = scores.groupBy(ScoredTable.KEY)
                .agg(count(lit(1)).as("times"))
                .agg(
                        coalesce(sum("times"), lit(0L)),
                        coalesce(sum(number(col("times").gt(1))), lit(0L)))
                .first();
        if (keys.getLong(1) > 0) {
            throw new JobRefusedException("expected a scored row for each " + VisibleText.line(key) + ", found several"
                    + " for " + keys.getLong(1) + " of them" + OTHER_KEY);
        }
        return keys.getLong(0);
    }

    /** How often each pair of a cluster's rows and the sum of its differences comes. */
    private static List<PairedBootstrap.Value> differences(Dataset<Row> pairs, boolean clustered) {
        Column difference = col(SECOND).minus(col(FIRST));
        Dataset<Row> clusters = clustered
                ? pairs.groupBy(ScoredTable.CLUSTER)
                        .agg(count(lit(1)).as("rows"), sum(difference).as("sum"))
                : pairs.select(lit(1L).as("rows"), difference.as("sum"));
        return clusters.groupBy("rows", "sum").count().orderBy("rows", "sum").collectAsList().stream()
                .map(row -> new PairedBootstrap.Value(row.getLong(0), row.getDouble(1), row.getLong(2)))
                .toList();
    }

    private static Column isOne(String score) {
        return col(score).equalTo(1);
    }

    private static Column isZero(String score) {
        return col(score).equalTo(0);
    }

    private static Column number(Column condition) {
        return when(condition, 1L).otherwise(0L).cast(DataTypes.LongType);
    }
}
