package io.sparkvlm.job.report;

import static org.apache.spark.sql.functions.floor;

import io.sparkvlm.job.text.Figures;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
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

    /** Rows with an answer and their tokens, and rows with an error. */
    record Ended(long rows, long promptTokens, long completionTokens, long errors) {
        static final Ended NONE = new Ended(0, 0, 0, 0);
    }

    /** Divides the time from one second since 1970 to another; nothing has ended in it yet. */
    static Throughput between(long first, long last) {
        long width = width(last - first + 1);
        int count = (int) ((last - first) / width) + 1;
        return new Throughput(
                Instant.ofEpochSecond(first), Duration.ofSeconds(width), Collections.nCopies(count, Ended.NONE));
    }

    /** The same times with what has ended in some, by their places. */
    Throughput with(Map<Integer, Ended> ended) {
        return new Throughput(
                start,
                width,
                IntStream.range(0, times.size())
                        .mapToObj(time -> ended.getOrDefault(time, Ended.NONE))
                        .toList());
    }

    /** The place of the time that a second since 1970 is in. */
    Column bin(Column second) {
        return floor(second.minus(start.getEpochSecond()).divide(width.toSeconds()))
                .cast(DataTypes.IntegerType);
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

    /**
     * When rows ended, and how many answers a minute on average.
     *
     * @param paused how long the job did not run meanwhile
     */
    String text(Duration paused) {
        Duration all = Duration.between(start, end());
        Duration worked = all.minus(paused);
        double minutes = worked.toMillis() / 60_000.0;
        return String.format(
                Locale.ROOT,
                "Rows ended from %s to %s UTC, in %s%s: %,.1f answers and %,.0f tokens of answers a minute.",
                WHEN.format(start),
                WHEN.format(end()),
                Figures.time((double) worked.toMillis()),
                paused.isZero() ? "" : " of work, and " + Figures.time((double) paused.toMillis()) + " between starts",
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
