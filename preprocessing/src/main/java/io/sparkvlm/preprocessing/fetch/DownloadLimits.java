package io.sparkvlm.preprocessing.fetch;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds on how much is downloaded at once, and for how long.
 *
 * @param deadline for one file, with all tries and redirects, from when it is begun
 * @param threads files that are read at once
 * @param perHost of those, from one machine
 * @param aheadBytes of all files that are read before their row's turn has come
 * @param recentBytes of files that are kept in case another row names them
 * @param recentFor how long those are kept
 */
public record DownloadLimits(
        Duration deadline, int threads, int perHost, long aheadBytes, long recentBytes, Duration recentFor) {
    public static final int DEFAULT_DEADLINE_SECONDS = 60;

    /** A minute a file; eight at once from a host, as browsers have six; less than a fifth of the heap. */
    public static final DownloadLimits DEFAULT = new DownloadLimits(
            Duration.ofSeconds(DEFAULT_DEADLINE_SECONDS),
            128,
            8,
            Math.min(512L << 20, Runtime.getRuntime().maxMemory() / 8),
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 16),
            Duration.ofMinutes(1));

    public DownloadLimits {
        Objects.requireNonNull(recentFor, "recentFor");
        if (deadline.isNegative() || deadline.isZero() || threads < 1 || perHost < 1) {
            throw new IllegalArgumentException("expected a deadline, threads and files from one place above 0, found "
                    + deadline + ", " + threads + " and " + perHost);
        }
    }

    public DownloadLimits withDeadline(Duration other) {
        return new DownloadLimits(other, threads, perHost, aheadBytes, recentBytes, recentFor);
    }
}
