package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.media.MediaLimits;
import java.util.concurrent.Semaphore;

/**
 * Bounds the memory of the pictures that all tasks decode at the same time: to that of the largest that is allowed, and
 * to no less than 512 MiB. A picture that finds no room waits.
 *
 * <p>Thread-safe.
 */
final class PictureMemory {
    private static final int UNIT_BYTES = 1024;
    private static final int LEAST_UNITS = 512 << 10;

    private final int units;
    private final Semaphore free;

    PictureMemory(MediaLimits limits) {
        this.units = Math.max(LEAST_UNITS, unitsOf(3L * limits.maxPixels()));
        this.free = new Semaphore(units, true);
    }

    long bytes() {
        return (long) units * UNIT_BYTES;
    }

    /** Waits for room; decoders give theirs back within their time budgets. */
    Lease take(int bytes) {
        if (bytes > bytes()) {
            throw new IllegalArgumentException("expected a picture of at most " + bytes() + " bytes, found " + bytes);
        }
        int taken = unitsOf(bytes);
        free.acquireUninterruptibly(taken);
        return () -> free.release(taken);
    }

    private static int unitsOf(long bytes) {
        return (int) ((bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }

    /** A picture's share; closed once. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }
}
