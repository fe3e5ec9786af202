package io.sparkvlm.preprocessing.fetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
 * Which files of other machines are on their way, and which were here just now?
 *
 * <p>A file that several rows name at the same time, or one soon after the other, is got once. Each has a deadline that
 * holds whatever its store does, and what is read ahead of its row's turn is bounded in bytes: what finds no room is
 * given up, and got again when its row asks for it.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public final class Downloads implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Downloads.class);
    /** What a failure weighs, so that a host of them does not grow without end. */
    private static final int FAILURE_BYTES = 1024;

    private final DownloadLimits limits;
    private final Lanes lanes;
    private final Room ahead;
    private final ScheduledThreadPoolExecutor clock;
    private final Cache<Key, Download> recent;
    private final Map<Key, Flight> flights = new HashMap<>();

    public Downloads(DownloadLimits limits) {
        this.limits = limits;
        this.lanes = new Lanes(limits.threads(), limits.perPlace());
        this.ahead = Room.of(limits.aheadBytes());
        this.clock = new ScheduledThreadPoolExecutor(1, Lanes::thread);
        this.clock.setRemoveOnCancelPolicy(true);
        this.recent = Caffeine.newBuilder()
                .maximumWeight(limits.recentBytes())
                .weigher((Key key, Download download) -> weight(download))
                .expireAfterWrite(limits.recentFor())
                .executor(Runnable::run)
                .build();
    }

    /** A file, and how much of it may be read: what was too large for one may not be for another. */
    private record Key(String file, int maxBytes) {}

    /** Gets the file, waiting for it. */
    Download fetch(RemoteFile file, int maxBytes) {
        while (true) {
            try (Hold hold = hold(file, maxBytes, Room.UNBOUNDED)) {
                Optional<Download> download = hold.landed().get();
                if (download.isPresent()) {
                    return download.get();
                }
                // It was read ahead and given up: the next flight is this row's own.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while it waited for a file");
            } catch (ExecutionException e) {
                throw new IllegalStateException("a download failed", e.getCause());
            }
        }
    }

    /** Begins to get the file before its row's turn has come. */
    Hold readAhead(RemoteFile file, int maxBytes) {
        return hold(file, maxBytes, ahead);
    }

    private synchronized Hold hold(RemoteFile file, int maxBytes, Room room) {
        Key key = new Key(file.key(), maxBytes);
        return new Hold(Optional.ofNullable(flights.get(key)).orElseGet(() -> begun(key, file, room)));
    }

    private Flight begun(Key key, RemoteFile file, Room room) {
        Flight flight = new Flight(key, room);
        Optional<Download> here = Optional.ofNullable(recent.getIfPresent(key));
        if (here.isEmpty()) {
            flights.put(key, flight);
            lanes.run(file.place(), () -> fly(flight, file));
            return flight;
        }
        flight.over = true;
        if (room.take(bytes(here.get()))) {
            flight.keptBytes = bytes(here.get());
            flights.put(key, flight);
            flight.landed.complete(here);
        } else {
            flight.landed.complete(Optional.empty());
        }
        return flight;
    }

    private void fly(Flight flight, RemoteFile file) {
        // From now: what waits for its turn at a slow place has not begun.
        Deadline deadline = new Deadline(clock, limits.deadline());
        Intake intake = new Intake(flight.key.maxBytes(), deadline, flight.room);
        synchronized (this) {
            if (flight.over || flight.holders == 0) {
                flights.remove(flight.key, flight);
                return; // whoever wanted it has gone
            }
            flight.worker = Optional.of(Thread.currentThread());
        }
        try (Deadline.Guard guard = deadline.guard(limits.deadline(), () -> giveUp(flight, file))) {
            Optional<Download> download = read(file, intake, deadline);
            intake.keep(download.map(Downloads::bytes).orElse(0));
            if (!land(flight, download)) {
                intake.giveBack();
            }
        } finally {
            land(flight, Optional.of(faulty(file))); // if not done: an error of the machine passes, and nobody may wait
            Thread.interrupted(); // the thread's next job is another's
        }
    }

    private void giveUp(Flight flight, RemoteFile file) {
        synchronized (this) {
            flight.worker.ifPresent(Thread::interrupt);
        }
        land(flight, Optional.of(late(file)));
    }

    private Optional<Download> read(RemoteFile file, Intake intake, Deadline deadline) {
        try {
            Download download = file.read(intake);
            // What fails at the deadline fails because of it, in whatever way.
            return Optional.of(download.fold(it -> it, failed -> deadline.left().isZero() ? late(file) : failed));
        } catch (NoRoomException e) {
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

    /** Whether this was the first to land, which counts: the file, or its deadline. */
    private boolean land(Flight flight, Optional<Download> download) {
        synchronized (this) {
            flight.worker = Optional.empty();
            if (flight.over) {
                return false;
            }
            flight.over = true;
            flight.keptBytes = download.map(Downloads::bytes).orElse(0);
            download.ifPresent(it -> recent.put(flight.key, it));
            if (download.isEmpty() || flight.holders == 0) {
                forget(flight);
            }
        }
        flight.landed.complete(download); // not under the lock: others' code runs
        return true;
    }

    private void forget(Flight flight) {
        flights.remove(flight.key, flight);
        flight.room.giveBack(flight.keptBytes);
        flight.keptBytes = 0;
    }

    private static int bytes(Download download) {
        return download.fold(received -> received.bytes().length, failed -> 0);
    }

    private static int weight(Download download) {
        return download.fold(received -> received.bytes().length + FAILURE_BYTES, failed -> FAILURE_BYTES);
    }

    /** Ends everything; whoever still waits hears of a failure. */
    @Override
    public void close() {
        lanes.close();
        clock.shutdownNow();
        List<Flight> unfinished;
        synchronized (this) {
            unfinished = List.copyOf(flights.values());
        }
        unfinished.forEach(flight -> land(
                flight,
                Optional.of(Download.failed(MediaFault.DOWNLOAD_FAILED, "expected a file, found the job at its end"))));
    }

    /** One file on its way, or here as long as somebody holds it. Guarded by the downloads' lock. */
    private static final class Flight {
        private final Key key;
        private final Room room;
        /** Empty when it was given up for lack of room. */
        private final CompletableFuture<Optional<Download>> landed = new CompletableFuture<>();

        private Optional<Thread> worker = Optional.empty();
        private boolean over;
        private long keptBytes;
        private int holders;

        Flight(Key key, Room room) {
            this.key = key;
            this.room = room;
        }
    }

    /** A share of a file: it stays here until all are given back. Closed once. */
    final class Hold implements AutoCloseable {
        private final Flight flight;

        /** Made under the lock. */
        private Hold(Flight flight) {
            this.flight = flight;
            flight.holders++;
        }

        CompletableFuture<Optional<Download>> landed() {
            return flight.landed;
        }

        @Override
        public void close() {
            synchronized (Downloads.this) {
                flight.holders--;
                if (flight.holders == 0 && flight.over) {
                    forget(flight);
                }
            }
        }
    }
}
