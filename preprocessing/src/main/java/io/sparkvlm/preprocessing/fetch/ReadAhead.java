package io.sparkvlm.preprocessing.fetch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Gets the files of a row that lie on other machines before the row's turn comes. They are got some at a time, in their
 * order, until one cannot be had, which rejects the row, or finds no room.
 *
 * <p>Thread-safe.
 */
public final class ReadAhead implements AutoCloseable {
    /** Files of one row at once. */
    private static final int AT_ONCE = 8;

    private final Downloads downloads;
    private final List<Wanted> wanted;
    private final List<Downloads.Lease> leases = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private Duration duration = Duration.ZERO;
    private int running;
    private boolean stopped;

    ReadAhead(Downloads downloads, List<Wanted> wanted) {
        this.downloads = downloads;
        this.wanted = List.copyOf(wanted);
        proceed();
    }

    /** A file, and how much of it is read. */
    record Wanted(RemoteFile file, Portion portion) {}

    /** Whether any file lies elsewhere. */
    public boolean isRemote() {
        return !wanted.isEmpty();
    }

    /** Completes when nothing is on its way any more; then {@link MediaFetcher#fetch} does not wait for what has come. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /**
     * The time from the begin until nothing was on its way any more; zero before that, and where all files are near.
     */
    public synchronized Duration duration() {
        return duration;
    }

    private void proceed() {
        if (advanced()) {
            ended.complete(null); // not under the lock: others' code runs
        }
    }

    /** Begins what may begin now, and says whether nothing is left to wait for. */
    private synchronized boolean advanced() {
        while (!stopped && running < AT_ONCE && leases.size() < wanted.size()) {
            Wanted next = wanted.get(leases.size());
            Downloads.Lease lease = downloads.readAhead(next.file(), next.portion());
            leases.add(lease);
            if (lease.result().isDone()) {
                stopped = !isHere(lease.result().join());
            } else {
                running++;
                CompletableFuture<Void> unused = lease.result().thenAccept(this::completed); // which does not fail
            }
        }
        if (running == 0 && isRemote()) {
            duration = Duration.ofNanos(System.nanoTime() - startNanos);
        }
        return running == 0;
    }

    private void completed(Optional<Download> download) {
        synchronized (this) {
            running--;
            stopped |= !isHere(download);
        }
        proceed();
    }

    private static boolean isHere(Optional<Download> download) {
        return download.map(it -> it.fold(received -> true, failed -> false)).orElse(false);
    }

    /** Begins no more downloads, and frees what has come. Closing it twice is harmless. */
    @Override
    public synchronized void close() {
        stopped = true;
        leases.forEach(Downloads.Lease::close);
        leases.clear();
    }
}
