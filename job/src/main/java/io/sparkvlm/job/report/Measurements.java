package io.sparkvlm.job.report;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Holds what Spark has aggregated of a table: nothing of it grows with the rows. What is copied of another row counts
 * neither for time nor for tokens.
 *
 * @param copied rows that have the answer or error of another one
 * @param triedAgain rows that a later attempt of their task has ended
 * @param throughput while there were answers, if there are any
 * @param histograms of what rows have a value for
 */
public record Measurements(long copied, long triedAgain, Optional<Throughput> throughput, List<Histogram> histograms) {
    /** Values beyond it are in the last bin; a percentile comes within a thousandth of the rows. */
    private static final double MOST = 0.99;

    private static final int ACCURACY = 1_000;

    /** As the answer's JSON has it, in seconds since 1970. */
    private static final Column CREATED =
            get_json_object(col(Columns.RESPONSE), "$.created").try_cast(DataTypes.LongType);

    public static Measurements of(Dataset<Row> rows) {
        boolean copies = rows.schema().getFieldIndex(Columns.COPY_OF).isDefined();
        Column own = copies ? col(Columns.COPY_OF).isNull() : lit(true);
        Dataset<Row> answered = rows.where(col(Columns.STATUS).equalTo("ok").and(own));
        Row extent = answered.select(extents()).first();
        Row counts = rows.select(
                        count(when(own, null).otherwise(1)),
                        count(when(col("attempts").gt(1), 1)))
                .first();
        return new Measurements(
                counts.getLong(0),
                counts.getLong(1),
                extent.isNullAt(0)
                        ? Optional.empty()
                        : Optional.of(Throughput.of(answered, CREATED, extent.getLong(0), extent.getLong(1))),
                histograms(answered, scales(extent)));
    }

    private static Column[] extents() {
        List<Column> extents = new ArrayList<>(List.of(min(CREATED), max(CREATED)));
        for (Measure measure : Measure.values()) {
            extents.add(
                    percentile_approx(measure.value(), lit(MOST), lit(ACCURACY)).as(measure.name()));
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

    private static List<Histogram> histograms(Dataset<Row> answered, Map<Measure, Scale> scales) {
        if (scales.isEmpty()) {
            return List.of();
        }
        Map<Measure, Long[]> rows = new EnumMap<>(Measure.class);
        scales.forEach((measure, scale) -> {
            rows.put(measure, new Long[scale.bins()]);
            Arrays.fill(rows.get(measure), 0L);
        });
        Column[] bins = scales.entrySet().stream()
                .map(scale -> struct(
                        lit(scale.getKey().name()).as("measure"),
                        scale.getValue().bin(scale.getKey().value()).as("bin")))
                .toArray(Column[]::new);
        answered.select(explode(array(bins)).as("in"))
                .where(col("in.bin").isNotNull())
                .groupBy("in.measure", "in.bin")
                .count()
                .collectAsList()
                .forEach(row -> rows.get(Measure.valueOf(row.getString(0)))[row.getInt(1)] = row.getLong(2));
        return scales.entrySet().stream()
                .map(scale -> new Histogram(
                        scale.getKey(),
                        scale.getValue(),
                        Collections.unmodifiableList(Arrays.asList(rows.get(scale.getKey())))))
                .toList();
    }
}
