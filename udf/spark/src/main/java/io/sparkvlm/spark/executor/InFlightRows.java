package io.sparkvlm.spark.executor;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.spark.executor.EngineGate.Turn;
import io.sparkvlm.spark.executor.InFlightRows.Asked;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InFlightLimits;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;

/**
 * Tracks the rows of a task that are in the engine, and hands back those that have come out. Rows whose engine breaks go
 * to the next one.
 *
 * <p>Belongs to the task's thread. The engine's thread only puts rows that have ended into a queue.
 *
 * @param <T> what the task knows of a row
 */
public final class InFlightRows<T extends Asked<T>> implements AutoCloseable {
    /** How soon a waiting task notices that it was killed: Spark tells it by a flag, not by an interrupt. */
    private static final long WAIT_MILLIS = 100;

    /** What the rows of all tasks hold: static, because they share the process's heap. */
    private static final AtomicLong HELD_BYTES = new AtomicLong();

    /** Beside it the heap holds rows that are being decoded and Spark's own. */
    private static final long HEAP_SHARE_BYTES = Runtime.getRuntime().maxMemory() / 3;

    /** What has broken its engine twice among others is tried alone. */
    private static final int FAULTS_AMONG_OTHERS = 2;

    /** One for the executor, as its engine is. */
    private static final EngineGate GATE = new EngineGate();

    private final EngineShare share;
    private final InFlightLimits limits;
    private final Runnable giveUp;
    private final Set<InFlight<T>> running = new HashSet<>();
    private final LinkedBlockingQueue<InFlight<T>> ended = new LinkedBlockingQueue<>();
    private long bytes;

    /** @param giveUp called while waiting; throws to end the wait */
    InFlightRows(EngineShare share, InFlightLimits limits, Runnable giveUp) {
        this.share = share;
        this.limits = limits;
        this.giveUp = giveUp;
    }

    /** The rows of the running task, in the executor's engine as its source opens it. */
    public static <T extends Asked<T>> InFlightRows<T> ofThisTask(EngineSource source, InFlightLimits limits)
            throws Exception {
        return new InFlightRows<>(EngineShare.ofThisTask(source), limits, TaskContext.get()::killTaskIfInterrupted);
    }

    public boolean isEmpty() {
        return running.isEmpty();
    }

    /** Whether another row may go in; a row that is larger than the limit goes in alone. */
    public boolean hasRoom() {
        return running.isEmpty()
                || (running.size() < limits.rows() && bytes < limits.bytes() && HELD_BYTES.get() < HEAP_SHARE_BYTES);
    }

    /** Waits for a row's turn, from its decoding to its end; the caller closes it unless it submits the row. */
    public Turn turn() throws InterruptedException {
        return switch (limits.sharing()) {
            case ALL_ROWS -> GATE.shared(giveUp);
            case ONE_ROW -> GATE.alone(giveUp);
        };
    }

    /** What is asked of an engine for a row. */
    public interface Asked<T> {
        GenerationTask task();

        /** Copies what is asked for another engine. */
        T anew();
    }

    /** Hands a row to the engine, whose turn ends with it. */
    public void submit(T row, long rowBytes, Turn turn) {
        InFlight<T> inFlight = new InFlight<>(row, rowBytes);
        submit(inFlight, turn);
        running.add(inFlight);
        hold(rowBytes);
    }

    private void submit(InFlight<T> row, Turn turn) {
        try {
            row.answer = submitted(row);
        } catch (RuntimeException | Error e) {
            turn.close();
            throw e;
        }
        CompletableFuture<?> unused = row.answer.whenComplete((outcome, failure) -> {
            turn.close();
            ended.add(row);
        });
    }

    private CompletableFuture<Outcome<Generation>> submitted(InFlight<T> row) {
        while (true) {
            row.engine = share.engine();
            try {
                return row.engine.submit(row.row.task());
            } catch (EngineException e) {
                share.replace(row.engine, e);
            }
        }
    }

    /** A row that has ended, if there is one. */
    public Optional<InFlight<T>> poll() throws InterruptedException {
        for (InFlight<T> row = ended.poll(); row != null; row = ended.poll()) {
            if (isFinal(row)) {
                return Optional.of(takenOut(row));
            }
        }
        return Optional.empty();
    }

    /**
     * Waits for the next row to end.
     *
     * @throws StalledEngineException where the engine does nothing meanwhile
     */
    public InFlight<T> await() throws InterruptedException {
        long progress = share.engine().progress();
        long movedNanos = System.nanoTime();
        while (true) {
            giveUp.run();
            InFlight<T> row = ended.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (row != null && isFinal(row)) {
                return takenOut(row);
            }
            long now = share.engine().progress();
            if (now != progress || row != null) {
                progress = now;
                movedNanos = System.nanoTime();
            } else if (System.nanoTime() - movedNanos > limits.stallTimeout().toNanos()) {
                throw new StalledEngineException(limits.stallTimeout());
            }
        }
    }

    /** Whether the row has its outcome; one whose engine broke goes to the next one, in the end without others. */
    private boolean isFinal(InFlight<T> row) throws InterruptedException {
        Optional<EngineException> fault = row.fault();
        if (fault.isEmpty()) {
            share.answered();
            return true;
        }
        share.replace(row.engine, fault.get());
        row.faults++;
        if (row.faults > FAULTS_AMONG_OTHERS) {
            return true;
        }
        row.row = row.row.anew();
        submit(row, row.faults == FAULTS_AMONG_OTHERS ? GATE.alone(giveUp) : turn());
        return false;
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
    public static final class InFlight<T> {
        private T row;
        private final long bytes;
        private Engine engine;
        private CompletableFuture<Outcome<Generation>> answer;
        private int faults;

        private InFlight(T row, long bytes) {
            this.row = row;
            this.bytes = bytes;
        }

        /** That of the engine, if it broke before the row had its outcome. */
        private Optional<EngineException> fault() {
            Throwable failure = answer.handle((outcome, thrown) -> thrown).join();
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof EngineException broken ? Optional.of(broken) : Optional.empty();
        }

        public T row() {
            return row;
        }

        /** Complete once the row has come out. */
        public CompletableFuture<Outcome<Generation>> answer() {
            return answer;
        }
    }
}
