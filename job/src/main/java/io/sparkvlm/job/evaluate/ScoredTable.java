package io.sparkvlm.job.evaluate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nanvl;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.metric.Gold;
import io.sparkvlm.job.metric.MetricName;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.table.Columns;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Scores every row of an output table. An error row scores 0, because a model that cannot answer has not; a row without a
 * gold answer has no score. Only sums are collected from the executors.
 */
public final class ScoredTable {
    /** More groups than a person reads. */
    private static final int MAX_GROUPS = 1_000;

    /** SQL's class of errors that a row's values make. */
    private static final String DATA_EXCEPTION = "22";

    public static final String GOLD_OF_ROW = "_sparkvlm_gold";
    public static final String CHOICES_OF_ROW = "_sparkvlm_choices";
    public static final String SCORE_OF_ROW = "_sparkvlm_score";

    static final String KEY = "key";
    static final String SCORE = "score";
    static final String CLUSTER = "cluster";
    private static final String FAILED = "failed";
    private static final String GROUP = "group";

    private final Dataset<Row> output;
    private final TableColumns columns;
    private final Scoring scoring;
    private final Column gold;
    private final Column choices;

    private ScoredTable(Dataset<Row> output, Scoring scoring) throws JobRefusedException {
        this.output = output;
        this.columns = new TableColumns(output);
        this.scoring = scoring;
        this.gold = columns.texts("--gold", scoring.gold());
        this.choices = scoring.choices().isPresent()
                ? columns.texts("--choices", scoring.choices().get())
                : array().cast(DataTypes.createArrayType(DataTypes.StringType));
        if (scoring.cluster().isPresent()) {
            columns.column("--cluster", scoring.cluster().get());
        }
        if (scoring.expression().isPresent()) {
            requireReadable(scoring.expression().get());
        }
    }

    /**
     * Scores the rows of a table that generate wrote.
     *
     * @throws JobRefusedException when a column is not there or holds no texts
     */
    public static ScoredTable of(Dataset<Row> output, Scoring scoring) throws JobRefusedException {
        return new ScoredTable(output, scoring);
    }

    private void requireReadable(String expression) throws JobRefusedException {
        try {
            output.select(col(Columns.STATUS), own(expression));
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException(
                    "expected --score to be an expression of SQL over the columns of the table, found \"" + expression
                            + "\": " + RootCause.of(e),
                    e);
        }
    }

    /** What reads scores. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws JobRefusedException;
    }

    /**
     * Reads scores, which an expression of the user's may have none of.
     *
     * @throws JobRefusedException where Spark has no value of it for a row
     */
    <T> T read(Reading<T> reading) throws JobRefusedException {
        try {
            return reading.read();
        } catch (JobRefusedException e) {
            throw e;
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            if (scoring.expression().isPresent()
                    && ExceptionUtils.getThrowableList(e).stream().anyMatch(ScoredTable::isOfData)) {
                throw new JobRefusedException(
                        "expected --score to have a value for every row, or null, found \""
                                + scoring.expression().get() + "\": " + RootCause.of(e)
                                + "; try_cast, try_divide and the like are null where there is no value",
                        e);
            }
            throw e;
        }
    }

    private static boolean isOfData(Throwable thrown) {
        return thrown instanceof SparkThrowable spark
                && spark.getSqlState() != null
                && spark.getSqlState().startsWith(DATA_EXCEPTION);
    }

    /** The score of all rows. */
    public Score total() throws JobRefusedException {
        List<Row> all = read(() -> sums(lit("")).collectAsList());
        return all.isEmpty() ? Score.NONE : Score.of(all.get(0));
    }

    /**
     * The scores of the rows that have the same value.
     *
     * @throws JobRefusedException when the column is not there or has too many values
     */
    public SortedMap<String, Score> by(String column) throws JobRefusedException {
        Dataset<Row> sums = sums(columns.column("--by", column).cast(DataTypes.StringType));
        List<Row> groups = read(() -> sums.limit(MAX_GROUPS + 1).collectAsList());
        if (groups.size() > MAX_GROUPS) {
            throw new JobRefusedException("expected --by to name a column of at most " + MAX_GROUPS
                    + " different values, found more in " + column);
        }
        SortedMap<String, Score> scores = new TreeMap<>();
        groups.forEach(row -> scores.put(row.isNullAt(0) ? "(null)" : row.getString(0), Score.of(row)));
        return scores;
    }

    /**
     * The score of each row that has a gold answer and a key.
     *
     * @return columns {@code key}, {@code score}, {@code cluster}
     * @throws JobRefusedException when the column of the keys is not there
     */
    Dataset<Row> scores(String key) throws JobRefusedException {
        Dataset<Row> rows = output.select(
                columns.column("--on", key).as(KEY),
                score().as(SCORE),
                cluster().as(CLUSTER));
        return rows.where(col(KEY).isNotNull().and(col(SCORE).isNotNull()));
    }

    boolean isClustered() {
        return scoring.cluster().isPresent();
    }

    private Column cluster() {
        return scoring.cluster().map(columns::known).orElseGet(() -> lit(null));
    }

    /** A row for each group; the columns are those of {@link Score#of}. */
    private Dataset<Row> sums(Column group) {
        Dataset<Row> rows = output.select(
                group.as(GROUP),
                score().as(SCORE),
                col(Columns.STATUS).equalTo("error").as(FAILED),
                cluster().as(CLUSTER));
        Dataset<Row> clusters = rows.select(
                col(GROUP),
                col(CLUSTER),
                lit(1L).as("rows"),
                when(col(FAILED).and(col(SCORE).isNotNull()), 1L).otherwise(0L).as("errors"),
                when(col(SCORE).isNotNull(), 1L).otherwise(0L).as("scored"),
                when(col(SCORE).gt(0).and(col(SCORE).lt(1)), 1L).otherwise(0L).as("graded"),
                coalesce(col(SCORE), lit(0.0)).as("total"));
        if (isClustered()) {
            clusters = clusters.groupBy(GROUP, CLUSTER)
                    .agg(
                            sum("rows").as("rows"),
                            sum("errors").as("errors"),
                            sum("scored").as("scored"),
                            sum("graded").as("graded"),
                            sum("total").as("total"));
        }
        Column scored = col("scored").cast(DataTypes.DoubleType);
        return clusters.groupBy(GROUP)
                .agg(
                        sum("rows"),
                        sum("errors"),
                        sum("scored"),
                        sum("total"),
                        sum("graded"),
                        sum(scored.multiply(scored)),
                        sum(scored.multiply(col("total"))),
                        sum(col("total").multiply(col("total"))),
                        count(when(col("scored").gt(0), 1)));
    }

    /**
     * All rows with what their answers were held against, and the scores.
     *
     * @return the table's columns, and {@code gold}, {@code choices} and {@code score} under names that no table has
     */
    public Dataset<Row> rows() {
        return output.withColumn(GOLD_OF_ROW, gold)
                .withColumn(CHOICES_OF_ROW, choices)
                .withColumn(SCORE_OF_ROW, score());
    }

    public Scoring scoring() {
        return scoring;
    }

    /** Null where there is no gold answer. */
    private Column score() {
        if (scoring.expression().isPresent()) {
            return when(size(gold).gt(0), own(scoring.expression().get()));
        }
        MetricName metric = scoring.metric();
        UDF3<String, Seq<String>, Seq<String>, Double> function = (answer, right, offered) -> {
            if (right == null || right.isEmpty()) {
                return null;
            }
            return answer == null ? 0 : metric.metric().score(answer, new Gold(texts(right), texts(offered)));
        };
        return udf(function, DataTypes.DoubleType).apply(col("text"), gold, choices);
    }

    /** From 0 to 1, and 0 where it says nothing of a row, or no number, or the row is an error. */
    private static Column own(String expression) {
        Column score = expr(expression).cast(DataTypes.DoubleType);
        return when(col(Columns.STATUS).equalTo("error"), 0.0)
                .otherwise(greatest(lit(0.0), least(lit(1.0), nanvl(coalesce(score, lit(0.0)), lit(0.0)))));
    }

    private static List<String> texts(Seq<String> texts) {
        return texts == null
                ? List.of()
                : CollectionConverters.asJava(texts).stream()
                        .map(text -> text == null ? "" : text)
                        .toList();
    }
}
