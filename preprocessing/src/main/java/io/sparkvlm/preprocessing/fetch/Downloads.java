package io.sparkvlm.preprocessing.fetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sparkvlm.preprocessing.media.Deadline;
import io.sparkvlm.preprocessing.media.MediaFault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads files of other machines, each once for all the rows that name it at the same time or soon after one
 * another.
 *
 * <p>Each download has a deadline that holds whatever its store does. What is read ahead of its row's turn is bounded
 * in bytes: a file that finds no room is given up, and got again when its row asks for it.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public final class Downloads implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Downloads.class);
    /** The weight of a failure that is kept, so that their number is bounded, too. */
    private static final int FAILURE_BYTES = 1024;

    private final DownloadLimits limits;
    private final PerHostExecutor executor;
    private final ByteBudget ahead;
    private final ScheduledThreadPoolExecutor clock;
    private final Cache<Key, Download> recent;
    private final Map<Key, InFlightDownload> inFlight = new HashMap<>();

    public Downloads(DownloadLimits limits) {
        this.limits = limits;
        this.executor = new PerHostExecutor(limits.threads(), limits.perHost());
        this.ahead = ByteBudget.of(limits.aheadBytes());
        this.clock = new ScheduledThreadPoolExecutor(1, PerHostExecutor::thread);
        this.clock.setRemoveOnCancelPolicy(true);
        this.recent = Caffeine.newBuilder()
                .maximumWeight(limits.recentBytes())
                .weigher((Key key, Download download) -> weight(download))
                .expireAfterWrite(limits.recentFor())
                .executor(Runnable::run)
                .build();
    }

    /** A file, and how much of it is read: what was too large for one may not be for another. */
    private record Key(String file, Portion portion) {}

    /** Gets the file, waiting for it. */
    Download fetch(RemoteFile file, Portion portion) {
        while (true) {
            try (Lease lease = lease(file, portion, ByteBudget.UNBOUNDED)) {
                Optional<Download> download = lease.result().get();
                if (download.isPresent()) {
                    return download.get();
                }
                // It was read ahead and given up: the next download is this row's own.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while it waited for a file");
            } catch (ExecutionException e) {
                throw new IllegalStateException("a download failed", e.getCause());
            }
        }
    }

    /** Begins to get the file before its row's turn has come. */
    Lease readAhead(RemoteFile file, Portion portion) {
        return lease(file, portion, ahead);
    }

    private synchronized Lease lease(RemoteFile file, Portion portion, ByteBudget budget) {
        Key key = new Key(file.key(), portion);
        return new Lease(Optional.ofNullable(inFlight.get(key)).orElseGet(() -> begun(key, file, budget)));
    }

    private InFlightDownload begun(Key key, RemoteFile file, ByteBudget budget) {
        InFlightDownload started = new InFlightDownload(key, budget);
        Optional<Download> here = Optional.ofNullable(recent.getIfPresent(key));
        if (here.isEmpty()) {
            inFlight.put(key, started);
            executor.run(file.host(), () -> run(started, file));
            return started;
        }
        started.over = true;
        if (budget.take(bytes(here.get()))) {
            started.keptBytes = bytes(here.get());
            inFlight.put(key, started);
            started.result.complete(here);
        } else {
            started.result.complete(Optional.empty());
        }
        return started;
    }

    private void run(InFlightDownload started, RemoteFile file) {
        // From now: a download that waits for its turn at a slow host has not begun.
        Deadline deadline = Deadline.after(limits.deadline());
        BoundedDownload bounded = new BoundedDownload(started.key.portion(), deadline, clock, started.budget);
        synchronized (this) {
            if (started.over || started.leases == 0) {
                inFlight.remove(started.key, started);
                return; // no row wants it any more
            }
            started.worker = Optional.of(Thread.currentThread());
        }
        try (Deadline.Guard guard = bounded.guard(limits.deadline(), () -> giveUp(started, file))) {
            Optional<Download> download = read(file, bounded, deadline);
            bounded.keep(download.map(Downloads::bytes).orElse(0));
            if (!complete(started, download)) {
                bounded.giveBack();
            }
        } finally {
            // If not done: an error of the machine passes, and no row may wait for ever.
            complete(started, Optional.of(faulty(file)));
            Thread.interrupted(); // the thread's next job has another deadline
        }
    }

    private void giveUp(InFlightDownload started, RemoteFile file) {
        synchronized (this) {
            started.worker.ifPresent(Thread::interrupt);
        }
        complete(started, Optional.of(late(file)));
    }

    private Optional<Download> read(RemoteFile file, BoundedDownload bounded, Deadline deadline) {
        try {
            Download download = file.read(bounded);
            // What fails at the deadline fails because of it, in whatever way.
            return Optional.of(download.fold(it -> it, failed -> deadline.left().isZero() ? late(file) : failed));
        } catch (BudgetExhaustedException e) {
            return Optional.empty();
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOGGER.error("a file could not be got because of a fault of the program", e);
            return Optional.of(faulty(file));
        }
    }

    private static Download faulty(RemoteFile file) {
        return Download.failed(
                MediaFault.DOWNLOAD_FAILED, "expected a file at " + file.ref() + ", found a fault of the program");
    }

    private Download late(RemoteFile file) {
        return Download.failed(
                MediaFault.DOWNLOAD_FAILED,
                "expected a file within " + seconds(limits.deadline()) + " at " + file.ref()
                        + ", found it unfinished then");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    /** Completes the download, and says whether this was its first result, which counts: the file, or its deadline. */
    private boolean complete(InFlightDownload started, Optional<Download> download) {
        synchronized (this) {
            started.worker = Optional.empty();
            if (started.over) {
                return false;
            }
            started.over = true;
            started.keptBytes = download.map(Downloads::bytes).orElse(0);
            download.ifPresent(it -> recent.put(started.key, it));
            if (download.isEmpty() || started.leases == 0) {
                forget(started);
            }
        }
        started.result.complete(download); // not under the lock: others' code runs
        return true;
    }

    private void forget(InFlightDownload started) {
        inFlight.remove(started.key, started);
        started.budget.giveBack(started.keptBytes);
        started.keptBytes = 0;
    }

    private static int bytes(Download download) {
        return download.fold(received -> received.bytes().length, failed -> 0);
    }

    private static int weight(Download download) {
        return download.fold(received -> received.bytes().length + FAILURE_BYTES, failed -> FAILURE_BYTES);
    }

    /** Ends all downloads; rows that still wait are given a failure. */
    @Override
    public void close() {
        executor.close();
        clock.shutdownNow();
        List<InFlightDownload> unfinished;
        synchronized (this) {
            unfinished = List.copyOf(inFlight.values());
        }
        unfinished.forEach(started -> complete(
                started,
                Optional.of(Download.failed(MediaFault.DOWNLOAD_FAILED, "expected a file, found the job at its end"))));
    }

    /** A file that is being downloaded, or that is here while it is leased. Guarded by the downloads' lock. */
    private static final class InFlightDownload {
        private final Key key;
        private final ByteBudget budget;
        /** Empty when the download was given up for lack of memory. */
        private final CompletableFuture<Optional<Download>> result = new CompletableFuture<>();

        private Optional<Thread> worker = Optional.empty();
        private boolean over;
        private long keptBytes;
        private int leases;

        InFlightDownload(Key key, ByteBudget budget) {
            this.key = key;
            this.budget = budget;
        }
    }

    /** A claim on a file, which stays here until all its leases are closed. Closed once. */
    final class Lease implements AutoCloseable {
        private final InFlightDownload started;

        /** Made under the lock. */
        private Lease(InFlightDownload started) {
            this.started = started;
            started.leases++;
        }

        CompletableFuture<Optional<Download>> result() {
            return started.result;
        }

        @Override
        public void close() {
            synchronized (Downloads.this) {
                started.leases--;
                if (started.leases == 0 && started.over) {
                    forget(started);
                }
            }
        }
    }
}
