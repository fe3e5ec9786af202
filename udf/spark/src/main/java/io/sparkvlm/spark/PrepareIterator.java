package io.sparkvlm.spark;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.PendingRow;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RequestTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Prepares the rows of a partition and lets rows that have their media overtake rows that wait for theirs.
 *
 * <p>Rows whose media lie on other machines are begun some ahead; without a slow one, rows keep their order. Rows
 * that have all they need are prepared one by one as they are asked for, and nothing is begun ahead for them alone.
 * All of it happens on the task's thread.
 */
final class PrepareIterator implements Iterator<CarryingRow>, AutoCloseable {
    /** Slow rows that a task holds before it waits for one of them: of a minute each, one every two seconds. */
    private static final int MAX_ROWS = 32;
    /** Of the requests themselves and their columns; what is read for them has a bound of its own. */
    private static final long MAX_BYTES = 64L << 20;

    private static final long WAIT_MILLIS = 100;

    private final RequestTable requests;
    private final Iterator<Row> upstream;
    private final Function<RequestRow, PendingRow> begin;
    private final TaskContext task = TaskContext.get();
    private final List<Begun> begun = new ArrayList<>();
    private final Semaphore arrivals = new Semaphore(0);

    private PrepareIterator(RequestTable requests, Iterator<Row> upstream, Function<RequestRow, PendingRow> begin) {
        this.requests = requests;
        this.upstream = upstream;
        this.begin = begin;
    }

    /**
     * Prepares the rows of this task, which closes the iterator when it ends.
     *
     * @param begin of a preprocessor
     */
    static PrepareIterator inThisTask(
            RequestTable requests, Iterator<Row> upstream, Function<RequestRow, PendingRow> begin) {
        PrepareIterator prepared = new PrepareIterator(requests, upstream, begin);
        // Listeners run last to first: the rows are closed before the preprocessor is given back.
        TaskCompletionListener close = context -> prepared.close();
        prepared.task.addTaskCompletionListener(close);
        return prepared;
    }

    /** A row that was judged, or that is not even a request. */
    private record Begun(Row row, Outcome<PendingRow> pending) {
        boolean isRemote() {
            return pending.fold(PendingRow::isRemote, rejection -> false);
        }

        boolean isReady() {
            return pending.fold(PendingRow::isReady, rejection -> true);
        }

        long bytes() {
            return pending.fold(PendingRow::ownBytes, rejection -> 0L);
        }
    }

    @Override
    public boolean hasNext() {
        return !begun.isEmpty() || upstream.hasNext();
    }

    @Override
    public CarryingRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the partition has no more rows");
        }
        while (true) {
            beginAhead();
            Optional<Begun> ready = begun.stream().filter(Begun::isReady).findFirst();
            if (ready.isPresent()) {
                begun.remove(ready.get());
                return prepared(ready.get());
            }
            awaitArrival();
        }
    }

    /** Closes the rows that were begun and will not be asked for any more. */
    @Override
    public void close() {
        begun.forEach(row -> row.pending().handle(PendingRow::close, rejection -> {}));
        begun.clear();
    }

    private void beginAhead() {
        while (hasRoom() && upstream.hasNext()) {
            Row row = upstream.next();
            Outcome<PendingRow> pending = requests.read(row).map(begin);
            pending.handle(it -> it.whenReady(arrivals::release), rejection -> {});
            begun.add(new Begun(row, pending));
        }
    }

    private boolean hasRoom() {
        return begun.isEmpty()
                || (begun.size() < MAX_ROWS
                        && begun.stream().anyMatch(Begun::isRemote)
                        && begun.stream().mapToLong(Begun::bytes).sum() < MAX_BYTES);
    }

    private void awaitArrival() {
        try {
            arrivals.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            arrivals.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskKilledException("interrupted while it waited for media");
        }
        task.killTaskIfInterrupted();
    }

    private CarryingRow prepared(Begun next) {
        Row row = next.row();
        PreparedRow prepared = next.pending().fold(PrepareIterator::finished, rejection -> rejected(row, rejection));
        PreparedRow judged = requests.duplicateOf(row)
                .map(first -> duplicate(prepared, first))
                .orElse(prepared);
        return new CarryingRow(judged, requests.carried().of(row));
    }

    private static PreparedRow finished(PendingRow pending) {
        try (pending) {
            return pending.finish();
        }
    }

    private PreparedRow rejected(Row row, Rejection rejection) {
        return new PreparedRow(
                requests.rowId(row), requests.customId(row), List.of(), Outcome.rejected(rejection), Duration.ZERO);
    }

    private static PreparedRow duplicate(PreparedRow row, String first) {
        Rejection rejection = Rejection.at(
                Columns.CUSTOM_ID,
                RequestCode.DUPLICATE_CUSTOM_ID,
                "expected a custom_id of its own, found that of the earlier row " + first);
        return new PreparedRow(
                row.rowId(), row.customId(), row.warnings(), Outcome.rejected(rejection), row.fetchTime());
    }
}
