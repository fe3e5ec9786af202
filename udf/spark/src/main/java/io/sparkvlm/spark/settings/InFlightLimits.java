package io.sparkvlm.spark.settings;

import java.io.Serializable;
import java.time.Duration;

/**
 * Bounds what one task may have in the engine at once, and for how long.
 *
 * @param rows enough for one task to fill the engine, since the other tasks may have ended
 * @param bytes of patches and of columns that are carried through; a row that alone is larger goes in alone
 * @param sharing whether rows of any task may be beside one
 * @param stallTimeout after which an engine that computes nothing, while rows are in it, is taken for stuck
 */
public record InFlightLimits(int rows, long bytes, Sharing sharing, Duration stallTimeout) implements Serializable {
    public InFlightLimits {
        if (rows < 1 || bytes < 1 || stallTimeout.isNegative() || stallTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "expected limits of at least one row and one byte, and more than no time," + " found " + rows + ", "
                            + bytes + " and " + stallTimeout);
        }
    }

    /** Who has the engine of an executor. */
    public enum Sharing {
        ALL_ROWS,
        ONE_ROW
    }

    public InFlightLimits(int rows, long bytes, Duration stallTimeout) {
        this(rows, bytes, Sharing.ALL_ROWS, stallTimeout);
    }

    /** One row after the other, each without rows of other tasks beside it. */
    public InFlightLimits alone() {
        return new InFlightLimits(1, bytes, Sharing.ONE_ROW, stallTimeout);
    }
}
