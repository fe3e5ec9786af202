package io.sparkvlm.job.report;

import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;

import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Divides values from 0 on into bins of equal width, of which the last holds all that is larger, too.
 *
 * @param width 1, 2 or 5 times a power of ten
 */
record Scale(double width, int bins) {
    private static final int USUAL_BINS = 25;
    private static final double[] STEPS = {1, 2, 5, 10};

    /**
     * A scale for values most of which are up to this one.
     *
     * @param finest the least width
     */
    static Scale upTo(double most, double finest) {
        double rough = Math.max(most, Math.max(finest, 1e-3)) / USUAL_BINS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double width = 10 * power;
        for (double step : STEPS) {
            if (step * power >= rough * (1 - 1e-9)) {
                width = step * power;
                break;
            }
        }
        width = Math.max(width, finest);
        return new Scale(width, (int) Math.floor(most / width) + 1);
    }

    Column bin(Column value) {
        return least(floor(value.divide(width)), lit(bins - 1)).cast(DataTypes.IntegerType);
    }

    /** Where a bin begins. */
    String label(int bin) {
        double start = bin * width;
        int digits = Math.max(0, (int) -Math.floor(Math.log10(width)));
        return String.format(Locale.ROOT, "%,." + digits + "f", start);
    }
}
