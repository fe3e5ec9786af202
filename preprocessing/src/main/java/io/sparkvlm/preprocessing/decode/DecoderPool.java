package io.sparkvlm.preprocessing.decode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;

/**
 * Lends out the child processes: the one that was used last, a new one where all are busy, and none before another is
 * free where there are as many as may be.
 *
 * <p>Thread-safe. Children start outside the lock.
 */
final class DecoderPool implements AutoCloseable {
    private final ChildCommand command;
    private final Path bufferFolder;
    private final Semaphore permits;
    private final ScheduledThreadPoolExecutor watchdog;
    private final Object lock = new Object();
    private final Deque<DecoderChild> idle = new ArrayDeque<>();
    private final Set<DecoderChild> busy = new HashSet<>();
    private boolean closed;

    /** @param most children at once */
    DecoderPool(ChildCommand command, Path bufferFolder, int most) {
        this.command = command;
        this.bufferFolder = bufferFolder;
        this.permits = new Semaphore(most, true);
        this.watchdog = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sparkvlm-decoder-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        watchdog.setRemoveOnCancelPolicy(true);
    }

    /** A child for one medium; waits for it while all are busy, which no time budget lets them be for ever. */
    Lease take() throws IOException {
        return leased(this::idleOrStarted);
    }

    /** A child for this file, if possible the one that has it; waits as {@link #take} does. */
    Lease takeFor(byte[] file) throws IOException {
        return leased(() -> {
            Optional<DecoderChild> holder = idleHolder(file);
            return holder.isPresent() ? holder.get() : idleOrStarted();
        });
    }

    private DecoderChild idleOrStarted() throws IOException {
        Optional<DecoderChild> waiting = nextIdle();
        return waiting.isPresent() ? waiting.get() : started();
    }

    /** A child that has decoded nothing yet; waits as {@link #take} does. */
    Lease takeFresh() throws IOException {
        return leased(() -> {
            nextIdle().ifPresent(this::discard); // or there would be more than there may be
            return started();
        });
    }

    @FunctionalInterface
    private interface ChildSource {
        DecoderChild child() throws IOException;
    }

    private Lease leased(ChildSource source) throws IOException {
        permits.acquireUninterruptibly();
        boolean taken = false;
        try {
            Lease lease = new Lease(source.child());
            taken = true;
            return lease;
        } finally {
            if (!taken) {
                permits.release();
            }
        }
    }

    private Optional<DecoderChild> nextIdle() {
        synchronized (lock) {
            Optional<DecoderChild> child = Optional.ofNullable(idle.pollFirst());
            child.ifPresent(busy::add);
            return child;
        }
    }

    private Optional<DecoderChild> idleHolder(byte[] file) {
        synchronized (lock) {
            Optional<DecoderChild> child =
                    idle.stream().filter(it -> it.holds(file)).findFirst();
            child.ifPresent(it -> {
                idle.remove(it);
                busy.add(it);
            });
            return child;
        }
    }

    private DecoderChild started() throws IOException {
        requireOpen();
        DecoderChild child = DecoderChild.start(command, bufferFolder, watchdog);
        synchronized (lock) {
            if (!closed) {
                busy.add(child);
                return child;
            }
        }
        child.close();
        throw closedException();
    }

    private void requireOpen() {
        synchronized (lock) {
            if (closed) {
                throw closedException();
            }
        }
    }

    private static IllegalStateException closedException() {
        return new IllegalStateException("expected open decoders, found them closed");
    }

    private void discard(DecoderChild child) {
        synchronized (lock) {
            busy.remove(child);
        }
        child.close();
    }

    private void giveBack(DecoderChild child) {
        synchronized (lock) {
            if (!closed) {
                busy.remove(child);
                idle.addFirst(child);
                return;
            }
        }
        discard(child);
    }

    /** Ends all children, the busy ones in the middle of their work. */
    @Override
    public void close() {
        Set<DecoderChild> waiting;
        synchronized (lock) {
            closed = true;
            waiting = Set.copyOf(idle);
            idle.clear();
            busy.forEach(DecoderChild::kill); // their buffers may be in use: their leases close them
        }
        waiting.forEach(DecoderChild::close);
        watchdog.shutdownNow();
    }

    /** A child that no other thread uses until this is closed. */
    final class Lease implements AutoCloseable {
        private final DecoderChild child;
        private boolean reusable;

        private Lease(DecoderChild child) {
            this.child = child;
        }

        DecoderChild child() {
            return child;
        }

        /** Its answer was read to the end, so that it can take another task. */
        void markReusable() {
            reusable = true;
        }

        @Override
        public void close() {
            try {
                if (reusable && child.canDecodeMore()) {
                    giveBack(child);
                } else {
                    discard(child);
                }
            } finally {
                permits.release();
            }
        }
    }
}
