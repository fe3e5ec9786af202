package io.sparkvlm.preprocessing;

import io.sparkvlm.preprocessing.fetch.ReadAhead;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Is a row's preparation still waiting for other machines? It was judged, and its media are on their way.
 *
 * <p>Used by one thread, which closes it.
 */
public final class PendingRow implements AutoCloseable {
    private final Optional<ReadAhead> readAhead;
    private final long ownBytes;
    private final Supplier<PreparedRow> rest;

    PendingRow(RequestRow row, Optional<ReadAhead> readAhead, Supplier<PreparedRow> rest) {
        this.readAhead = readAhead;
        this.ownBytes = row.json().length()
                + row.binaryColumns().values().stream()
                        .mapToLong(column -> column.length)
                        .sum();
        this.rest = rest;
    }

    /** Whether other machines are asked for anything. */
    public boolean isRemote() {
        return readAhead.filter(ReadAhead::isRemote).isPresent();
    }

    /** Whether {@link #finish} would wait for nothing that it need not. */
    public boolean isReady() {
        return ready().isDone();
    }

    /** Tells when the row is ready, on any thread, and at once when it is; what is told is short and does not throw. */
    public void whenReady(Runnable told) {
        CompletableFuture<Void> unused = ready().thenRun(told);
    }

    private CompletableFuture<Void> ready() {
        return readAhead.map(ReadAhead::ended).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /** What the row holds itself, without what was read for it. */
    public long ownBytes() {
        return ownBytes;
    }

    /** Prepares the row to its end, waiting for what is not here yet; never throws for a row. Called once. */
    public PreparedRow finish() {
        return rest.get();
    }

    /** Lets go of what was read for the row. Closing it twice is harmless. */
    @Override
    public void close() {
        readAhead.ifPresent(ReadAhead::close);
    }
}
