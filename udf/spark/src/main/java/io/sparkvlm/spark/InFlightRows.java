package io.sparkvlm.spark;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.spark.settings.InFlightLimits;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tracks the rows of a task that are in the engine, and hands back those that have come out.
 *
 * <p>Belongs to the task's thread. The engine's thread only puts rows that have ended into a queue.
 *
 * @param <T> what the task knows of a row
 */
final class InFlightRows<T> implements AutoCloseable {
    /** How soon a waiting task notices that it was killed: Spark tells it by a flag, not by an interrupt. */
    private static final long WAIT_MILLIS = 100;

    /** What the rows of all tasks hold: static, because they share the process's heap. */
    private static final AtomicLong HELD_BYTES = new AtomicLong();

    /** Beside it the heap holds rows that are being decoded and Spark's own. */
    private static final long HEAP_SHARE_BYTES = Runtime.getRuntime().maxMemory() / 3;

    private final Engine engine;
    private final InFlightLimits limits;
    private final Set<InFlight<T>> running = new HashSet<>();
    private final LinkedBlockingQueue<InFlight<T>> ended = new LinkedBlockingQueue<>();
    private long bytes;

    InFlightRows(Engine engine, InFlightLimits limits) {
        this.engine = engine;
        this.limits = limits;
    }

    boolean isEmpty() {
        return running.isEmpty();
    }

    /** Whether another row may go in; a row that is larger than the limit goes in alone. */
    boolean hasRoom() {
        return running.isEmpty()
                || (running.size() < limits.rows() && bytes < limits.bytes() && HELD_BYTES.get() < HEAP_SHARE_BYTES);
    }

    void submit(T row, GenerationTask task, long rowBytes) {
        InFlight<T> inFlight = new InFlight<>(row, rowBytes, engine.submit(task));
        running.add(inFlight);
        hold(rowBytes);
        CompletableFuture<?> unused = inFlight.answer.whenComplete((outcome, failure) -> ended.add(inFlight));
    }

    /** A row that has ended, if there is one. */
    Optional<InFlight<T>> poll() {
        return Optional.ofNullable(ended.poll()).map(this::takenOut);
    }

    /**
     * Waits for the next row to end.
     *
     * @param giveUp called while waiting; throws to end the wait
     */
    InFlight<T> await(Runnable giveUp) throws InterruptedException {
        while (true) {
            giveUp.run();
            InFlight<T> row = ended.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (row != null) {
                return takenOut(row);
            }
        }
    }

    /** Cancels what still runs. */
    @Override
    public void close() {
        running.forEach(row -> row.answer.cancel(true));
        running.clear();
        hold(-bytes);
    }

    private void hold(long moreBytes) {
        bytes += moreBytes;
        HELD_BYTES.addAndGet(moreBytes);
    }

    private InFlight<T> takenOut(InFlight<T> row) {
        running.remove(row);
        hold(-row.bytes);
        return row;
    }

    /** A row and its answer to be; compared by identity. */
    static final class InFlight<T> {
        private final T row;
        private final long bytes;
        private final CompletableFuture<Outcome<Generation>> answer;

        private InFlight(T row, long bytes, CompletableFuture<Outcome<Generation>> answer) {
            this.row = row;
            this.bytes = bytes;
            this.answer = answer;
        }

        T row() {
            return row;
        }

        /** Complete once the row has come out. */
        CompletableFuture<Outcome<Generation>> answer() {
            return answer;
        }
    }
}
