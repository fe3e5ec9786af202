package io.sparkvlm.spark;

import io.sparkvlm.spark.table.LookAhead;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;

/**
 * Gives a task's rows to what answers them and yields rows of the output as they end, in the order they end.
 *
 * <p>What has ended goes first, so that rows do not pile up; then, while there is room, the next row is taken from
 * upstream on the task's thread, while others are answered; only then does the task wait.
 */
abstract class AnswerIterator extends LookAhead<Row> implements AutoCloseable {
    private final Iterator<CarryingRow> upstream;
    private final String awaited;

    /** @param awaited what the task waits for, for the message of one that is interrupted */
    AnswerIterator(Iterator<CarryingRow> upstream, String awaited) {
        this.upstream = upstream;
        this.awaited = awaited;
    }

    /** A row that has ended, if there is one. */
    abstract Optional<Row> poll() throws InterruptedException;

    /** Whether one more row may be asked. */
    abstract boolean hasRoom();

    /** Whether no row is being answered. */
    abstract boolean isEmpty();

    /** Hands the row to what answers it, or returns it with the reason why not. */
    abstract Optional<Row> ask(CarryingRow row) throws InterruptedException;

    /** The next row that ends. */
    abstract Row await() throws InterruptedException;

    /** Cancels the rows that are still being answered. */
    @Override
    public abstract void close();

    @Override
    protected Optional<Row> advance() {
        try {
            return nextToEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskKilledException("interrupted while it waited for " + awaited);
        }
    }

    private Optional<Row> nextToEnd() throws InterruptedException {
        while (true) {
            Optional<Row> ended = poll();
            if (ended.isPresent()) {
                return ended;
            }
            if (hasRoom() && upstream.hasNext()) {
                Optional<Row> refused = ask(upstream.next());
                if (refused.isPresent()) {
                    return refused;
                }
            } else if (isEmpty()) {
                return Optional.empty();
            } else {
                return Optional.of(await());
            }
        }
    }
}
