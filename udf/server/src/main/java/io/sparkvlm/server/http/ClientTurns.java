package io.sparkvlm.server.http;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Says when the requests of one client begin: at once, until so many were refused that each has to wait for its turn. Thread-safe. */
final class ClientTurns {
    /** What may be refused before the next one waits, in the time that it is forgotten in. */
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long refusalNanos;
    private long forgottenNanos;

    /**
     * Turns of a client of which nothing was refused.
     *
     * @param refusals that are forgotten in a second
     */
    ClientTurns(int refusals, long nowNanos) {
        this.refusalNanos = TimeUnit.SECONDS.toNanos(1) / refusals;
        this.forgottenNanos = nowNanos;
    }

    /** Counts a request that began at once and was refused. */
    synchronized void refused(long nowNanos) {
        long most = BURST_NANOS + LONGEST_WAIT_NANOS;
        forgottenNanos = nowNanos + Math.min(most, Math.max(0, forgottenNanos - nowNanos) + refusalNanos);
    }

    /**
     * How many nanoseconds the next request waits; one that waits is counted as if it were refused.
     *
     * @return empty where so many wait already that it is to come again later
     */
    synchronized OptionalLong next(long nowNanos) {
        long wait = forgottenNanos - nowNanos - BURST_NANOS;
        if (wait <= 0) {
            return OptionalLong.of(0);
        }
        if (wait + refusalNanos > LONGEST_WAIT_NANOS) {
            return OptionalLong.empty();
        }
        refused(nowNanos);
        return OptionalLong.of(wait);
    }
}
