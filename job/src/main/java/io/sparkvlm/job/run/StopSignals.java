package io.sparkvlm.job.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.util.SignalUtils;

/**
 * Lets a job end well at SIGTERM and SIGINT, and at its deadline: tasks answer what they have begun and close their files, which takes half a
 * minute at most. What is not done by then ends with the process, as it does at a second signal.
 *
 * <p>Static, because a process has one handler of a signal, and one job of the command line.
 */
public final class StopSignals {
    public static final String ADVICE = "start the same command again to go on";

    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final int ABORTED = 1;
    private static final AtomicReference<Optional<Runnable>> RUNNING = new AtomicReference<>(Optional.empty());

    private StopSignals() {}

    /** Takes the signals from now on; {@link #during} says what they end. */
    public static void take() {
        for (String signal : new String[] {"TERM", "INT"}) {
            SignalUtils.register(signal, StopSignals::stop);
        }
    }

    /** Ends what runs at a moment, if there is one, as a signal does, unless it is closed before. */
    public static Running at(Optional<Instant> moment) {
        Timer timer = new Timer("sparkvlm-deadline", true);
        moment.ifPresent(end -> timer.schedule(task(StopSignals::stop), Date.from(end)));
        return timer::cancel;
    }

    /** What runs, until it is closed. */
    public interface Running extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Something that can end well.
     *
     * @param stop called once, on another thread, when it has to
     */
    public static Running during(Runnable stop) {
        RUNNING.set(Optional.of(stop));
        return () -> RUNNING.set(Optional.empty());
    }

    /** Whether the signal is dealt with. */
    private static Boolean stop() {
        Optional<Runnable> running = RUNNING.getAndSet(Optional.empty());
        if (running.isEmpty()) {
            end();
        }
        running.ifPresent(Runnable::run);
        new Timer("sparkvlm-stop", true).schedule(task(StopSignals::end), PATIENCE.toMillis());
        return true;
    }

    private static TimerTask task(Runnable deed) {
        return new TimerTask() {
            @Override
            public void run() {
                deed.run();
            }
        };
    }

    /** Without Spark's own end, which would report every task as failed. */
    private static void end() {
        System.err.println("sparkvlm: stopped: " + ADVICE);
        Runtime.getRuntime().halt(ABORTED);
    }
}
