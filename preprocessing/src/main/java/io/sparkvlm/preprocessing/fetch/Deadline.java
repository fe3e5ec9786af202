package io.sparkvlm.preprocessing.fetch;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** When must something have ended, and what ends it then? Thread-safe. */
public final class Deadline {
    private final ScheduledExecutorService clock;
    private final long endNanos;

    Deadline(ScheduledExecutorService clock, Duration from) {
        this.clock = clock;
        this.endNanos = System.nanoTime() + from.toNanos();
    }

    /** Never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /**
     * Ends what blocks, for a call that drips a byte at a time never runs into a timeout of its own.
     *
     * @param within how long it may take, if the deadline is not before
     * @param ending what makes the blocked call return; short, and harmless when the call has just returned
     */
    public Guard guard(Duration within, Runnable ending) {
        Duration left = left();
        return new Guard(clock, within.compareTo(left) < 0 ? within : left, ending);
    }

    /** Watches one blocking call until it is closed. */
    public static final class Guard implements AutoCloseable {
        private final ScheduledFuture<?> ending;
        private volatile boolean ended;

        private Guard(ScheduledExecutorService clock, Duration within, Runnable ending) {
            this.ending = clock.schedule(
                    () -> {
                        ended = true;
                        ending.run();
                    },
                    within.toNanos(),
                    TimeUnit.NANOSECONDS);
        }

        /** Whether the call was ended from here. */
        public boolean ended() {
            return ended;
        }

        @Override
        public void close() {
            ending.cancel(false);
        }
    }
}
