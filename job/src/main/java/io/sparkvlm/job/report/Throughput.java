package io.sparkvlm.job.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.sparkvlm.job.text.Figures;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Says what has ended in each of the equal times that a job's run is divided into.
 *
 * @param start of the first
 */
record Throughput(Instant start, Duration width, List<Ended> times) {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int MOST_TIMES = 120;
    private static final int[] USUAL_SECONDS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600};

    /** Rows with an answer and their tokens. */
    record Ended(long rows, long promptTokens, long completionTokens) {
        static final Ended NONE = new Ended(0, 0, 0);
    }

    /**
     * Reads answered rows.
     *
     * @param second when a row's answer ended
     */
    static Throughput of(Dataset<Row> answered, Column second, long first, long last) {
        long width = width(last - first + 1);
        int count = (int) ((last - first) / width) + 1;
        List<Ended> times = new ArrayList<>(Collections.nCopies(count, Ended.NONE));
        answered.groupBy(floor(second.minus(first).divide(width))
                        .cast(DataTypes.IntegerType)
                        .as("time"))
                .agg(count(lit(1)), sum(col("usage.prompt_tokens")), sum(col("usage.completion_tokens")))
                .where(col("time").isNotNull())
                .collectAsList()
                .forEach(row -> times.set(row.getInt(0), new Ended(row.getLong(1), row.getLong(2), row.getLong(3))));
        return new Throughput(Instant.ofEpochSecond(first), Duration.ofSeconds(width), times);
    }

    /** The least of the usual widths that divides a time into few enough parts. */
    private static long width(long seconds) {
        for (int width : USUAL_SECONDS) {
            if (seconds <= (long) width * MOST_TIMES) {
                return width;
            }
        }
        long hours = (seconds - 1) / (3_600L * MOST_TIMES) + 1;
        return hours * 3_600;
    }

    /** What comes to this rate. */
    double aMinute(long ended) {
        return ended * 60.0 / width.toSeconds();
    }

    /** When answers ended, and how many a minute on average. */
    String text() {
        double minutes = Duration.between(start, end()).toMillis() / 60_000.0;
        return String.format(
                Locale.ROOT,
                "Answers ended from %s to %s UTC, in %s: %,.1f rows and %,.0f tokens of answers a minute.",
                WHEN.format(start),
                WHEN.format(end()),
                Figures.time(minutes * 60_000),
                times.stream().mapToDouble(Ended::rows).sum() / minutes,
                times.stream().mapToDouble(Ended::completionTokens).sum() / minutes);
    }

    Instant at(int time) {
        return start.plus(width.multipliedBy(time));
    }

    Instant end() {
        return at(times.size());
    }
}
