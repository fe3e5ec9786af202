package io.sparkvlm.job.report;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.report.Throughput.Ended;
import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Holds what Spark has aggregated of a table: nothing of it grows with the rows. What is copied of another row counts neither
 * for time nor for tokens.
 *
 * @param copied rows that have the answer or error of another one
 * @param triedAgain rows that a later attempt of their task has ended
 * @param throughput while rows ended, if there are any that say when
 * @param histograms of what answered rows have a value for
 * @param executors that rows ended on, those with the most errors first, {@value #MOST_EXECUTORS} at most
 */
public record Measurements(
        long copied,
        long triedAgain,
        Optional<Throughput> throughput,
        List<Histogram> histograms,
        List<ExecutorRows> executors) {
    /** Values beyond it are in the last bin; a percentile comes within a thousandth of the rows. */
    private static final double MOST = 0.99;

    private static final int ACCURACY = 1_000;
    private static final int MOST_EXECUTORS = 20;
    private static final long MILLIS_PER_SECOND = 1_000;

    private static final String COPIED = "copied";
    private static final String TRIED_AGAIN = "tried_again";
    /** The bins of time, beside those of each measure. */
    private static final String TIME = "time";

    /**
     * When a row ended, in seconds since 1970; in the answer's JSON where an earlier version did not say it beside it, and null where
     * that wrote an error.
     */
    private static final Column ENDED = coalesce(
            floor(col(Columns.TIMING + "." + Columns.ENDED_AT).divide(MILLIS_PER_SECOND)),
            get_json_object(col(Columns.RESPONSE), "$.created").try_cast(DataTypes.LongType));

    /** What ended on an executor, which is named as Spark's pages name it. */
    public record ExecutorRows(String executor, long answered, long errors) {}

    /** Reads the rows thrice: for what they extend to, for what lies in each part of it, and for where they were. */
    public static Measurements of(Dataset<Row> rows) {
        boolean copies = rows.schema().getFieldIndex(Columns.COPY_OF).isDefined();
        Column own = copies ? col(Columns.COPY_OF).isNull() : lit(true);
        Column answered = col(Columns.STATUS).equalTo("ok").and(own);
        Row extent = rows.select(extents(own, answered)).first();
        Map<Measure, Scale> scales = scales(extent);
        Optional<Throughput> empty = extent.isNullAt(0)
                ? Optional.empty()
                : Optional.of(Throughput.between(extent.getLong(0), extent.getLong(1)));
        Map<String, Map<Integer, Ended>> bins = bins(rows.where(own), parts(scales, answered, empty));
        return new Measurements(
                extent.getAs(COPIED),
                extent.getAs(TRIED_AGAIN),
                empty.map(times -> times.with(bins.getOrDefault(TIME, Map.of()))),
                scales.entrySet().stream()
                        .map(scale -> histogram(
                                scale.getKey(),
                                scale.getValue(),
                                bins.getOrDefault(scale.getKey().name(), Map.of())))
                        .toList(),
                executors(rows.where(own)));
    }

    private static List<ExecutorRows> executors(Dataset<Row> rows) {
        Column answered = count(when(col(Columns.STATUS).equalTo("ok"), 1));
        Column errors = count(when(col(Columns.STATUS).equalTo("error"), 1));
        return rows
                .groupBy(col(Columns.TIMING + "." + Columns.EXECUTOR).as(Columns.EXECUTOR))
                .agg(answered.as("answered"), errors.as("errors"))
                .where(col(Columns.EXECUTOR).isNotNull())
                .orderBy(col("errors").desc(), col("answered").desc(), col(Columns.EXECUTOR))
                .limit(MOST_EXECUTORS)
                .collectAsList()
                .stream()
                .map(row -> new ExecutorRows(row.getString(0), row.getLong(1), row.getLong(2)))
                .toList();
    }

    private static Column[] extents(Column own, Column answered) {
        List<Column> extents = new ArrayList<>(List.of(
                min(when(own, ENDED)),
                max(when(own, ENDED)),
                count(when(not(own), 1)).as(COPIED),
                count(when(col("attempts").gt(1), 1)).as(TRIED_AGAIN)));
        for (Measure measure : Measure.values()) {
            extents.add(percentile_approx(when(answered, measure.value()), lit(MOST), lit(ACCURACY))
                    .as(measure.name()));
        }
        return extents.toArray(Column[]::new);
    }

    private static Map<Measure, Scale> scales(Row extent) {
        Map<Measure, Scale> scales = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            Double most = extent.getAs(measure.name());
            if (most != null) { // servers do not say when their first token came
                scales.put(measure, Scale.upTo(most, measure.finest()));
            }
        }
        return scales;
    }

    /** In which bin a row is, of each kind that there is. */
    private static List<Column> parts(Map<Measure, Scale> scales, Column answered, Optional<Throughput> times) {
        List<Column> parts = new ArrayList<>();
        scales.forEach((measure, scale) -> parts.add(part(measure.name(), when(answered, scale.bin(measure.value())))));
        times.ifPresent(it -> parts.add(part(TIME, it.bin(ENDED))));
        return parts;
    }

    private static Column part(String kind, Column bin) {
        return struct(lit(kind).as("kind"), bin.as("bin"));
    }

    private static Map<String, Map<Integer, Ended>> bins(Dataset<Row> rows, List<Column> parts) {
        Map<String, Map<Integer, Ended>> bins = new HashMap<>();
        if (parts.isEmpty()) {
            return bins;
        }
        rows.select(
                        explode(array(parts.toArray(Column[]::new))).as("in"),
                        col("usage.prompt_tokens").as("prompt"),
                        col("usage.completion_tokens").as("completion"),
                        col(Columns.STATUS))
                .where(col("in.bin").isNotNull())
                .groupBy("in.kind", "in.bin")
                .agg(
                        count(when(col(Columns.STATUS).equalTo("ok"), 1)),
                        coalesce(sum("prompt"), lit(0L)),
                        coalesce(sum("completion"), lit(0L)),
                        count(when(col(Columns.STATUS).equalTo("error"), 1)))
                .collectAsList()
                .forEach(row -> bins.computeIfAbsent(row.getString(0), kind -> new HashMap<>())
                        .put(row.getInt(1), new Ended(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))));
        return bins;
    }

    private static Histogram histogram(Measure measure, Scale scale, Map<Integer, Ended> bins) {
        return new Histogram(
                measure,
                scale,
                IntStream.range(0, scale.bins())
                        .mapToObj(bin -> bins.getOrDefault(bin, Ended.NONE).rows())
                        .toList());
    }
}
