package io.sparkvlm.preprocessing.media;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The moment at which work on a medium must have ended. Thread-safe. */
public final class Deadline {
    private final Duration time;
    private final long endNanos;

    private Deadline(Duration time) {
        this.time = time;
        this.endNanos = System.nanoTime() + time.toNanos();
    }

    public static Deadline after(Duration time) {
        return new Deadline(time);
    }

    /** The time that there was in all. */
    public Duration time() {
        return time;
    }

    /** The time that is left; never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    public boolean isPast() {
        return System.nanoTime() - endNanos > 0;
    }

    /**
     * Ends a call that blocks, for one that drips a byte at a time never runs into a timeout of its own.
     *
     * @param clock runs the ending
     * @param within how long it may take, if the deadline is not before
     * @param ending what makes the blocked call return; short, and harmless when the call has just returned
     */
    public Guard guard(ScheduledExecutorService clock, Duration within, Runnable ending) {
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
