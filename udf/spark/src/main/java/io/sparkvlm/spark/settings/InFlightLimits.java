package io.sparkvlm.spark.settings;

import java.io.Serializable;

/**
 * Bounds what one task may have in the engine at once.
 *
 * @param rows enough for one task to fill the engine, since the other tasks may have ended
 * @param bytes of patches and of columns that are carried through; a row that alone is larger goes in alone
 */
public record InFlightLimits(int rows, long bytes) implements Serializable {
    public InFlightLimits {
        if (rows < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "expected limits of at least one row and one byte, found " + rows + " and " + bytes);
        }
    }
}
