package io.sparkvlm.preprocessing;

import io.sparkvlm.preprocessing.fetch.ReadAhead;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A row that was judged and whose media may still be on their way from other machines.
 *
 * <p>Used by one thread, which closes it.
 */
public final class PendingRow implements AutoCloseable {
    private final Optional<ReadAhead> readAhead;
    private final long ownBytes;
    private final Supplier<PreparedRow> rest;

    PendingRow(RequestRow row, Optional<ReadAhead> readAhead, Supplier<PreparedRow> rest) {
        this.readAhead = readAhead;
        this.ownBytes = row.json().length() + row.columns().bytes();
        this.rest = rest;
    }

    /** Whether other machines are asked for anything. */
    public boolean isRemote() {
        return readAhead.filter(ReadAhead::isRemote).isPresent();
    }

    /** Whether {@link #finish} would not wait for other machines. */
    public boolean isReady() {
        return ready().isDone();
    }

    /**
     * Runs the callback when the row is ready, on any thread, or at once if it is. The callback is short and does not
     * throw.
     */
    public void whenReady(Runnable told) {
        CompletableFuture<Void> unused = ready().thenRun(told);
    }

    private CompletableFuture<Void> ready() {
        return readAhead.map(ReadAhead::ended).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /** The bytes of the row itself, without the files that were read for it. */
    public long ownBytes() {
        return ownBytes;
    }

    /** Prepares the row to its end, waiting for what is not here yet; never throws for a row. Called once. */
    public PreparedRow finish() {
        return rest.get();
    }

    /** Frees what was read for the row. Closing it twice is harmless. */
    @Override
    public void close() {
        readAhead.ifPresent(ReadAhead::close);
    }
}
