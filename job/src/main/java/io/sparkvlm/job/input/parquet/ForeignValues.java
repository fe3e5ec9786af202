package io.sparkvlm.job.input.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** Turns single values of the types that Spark does not know into others; null stays null. */
final class ForeignValues {
    private static final int MANTISSA_BITS = 10;
    private static final int MAX_EXPONENT = 0x1F;
    private static final long NANOS_PER_DAY = Duration.ofDays(1).toNanos();

    private ForeignValues() {}

    /** IEEE 754's half precision, the lower byte first; a single holds every one of them exactly. */
    static Float ofHalf(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        int bits = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort();
        int exponent = bits >> MANTISSA_BITS & MAX_EXPONENT;
        int mantissa = bits & (1 << MANTISSA_BITS) - 1;
        float magnitude;
        if (exponent == MAX_EXPONENT) {
            magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) mantissa, -24);
        } else {
            magnitude = Math.scalb((float) (mantissa | 1 << MANTISSA_BITS), exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    static String uuid(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new UUID(halves.getLong(), halves.getLong()).toString();
    }

    /**
     * A time of day as ISO 8601 has it, with as many digits as it needs.
     *
     * @param nanosPerUnit of the count
     */
    static String time(Number count, long nanosPerUnit) {
        if (count == null) {
            return null;
        }
        long units = count.longValue();
        boolean ofADay = units >= 0 && units < NANOS_PER_DAY / nanosPerUnit;
        return ofADay
                ? DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(units * nanosPerUnit))
                : Long.toString(units); // no time, and no reason to fail
    }

    static String decimal(byte[] unscaled, int scale) {
        return unscaled == null ? null : new BigDecimal(new BigInteger(unscaled), scale).toPlainString();
    }

    /** Months, days and milliseconds, which are not the same everywhere, as ISO 8601 has them: P1M2DT0.003S. */
    static String interval(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long months = Integer.toUnsignedLong(parts.getInt());
        long days = Integer.toUnsignedLong(parts.getInt());
        Duration time = Duration.ofMillis(Integer.toUnsignedLong(parts.getInt()));
        StringBuilder text = new StringBuilder("P");
        text.append(months > 0 ? months + "M" : "").append(days > 0 ? days + "D" : "");
        if (!time.isZero() || text.length() == 1) {
            text.append(time.toString().substring(1)); // T…
        }
        return text.toString();
    }
}
