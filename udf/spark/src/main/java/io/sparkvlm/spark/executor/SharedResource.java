package io.sparkvlm.spark.executor;

import java.time.Duration;
import java.util.Optional;

/**
 * Holds the one resource that this JVM has open, and counts its users.
 *
 * <p>The first to acquire a key opens its resource, and all who ask for the same key share it. A caller with another
 * key waits until the one that is open is not used, which is then closed and replaced. A resource that is not in use
 * stays open for the next who wants it.
 *
 * <p>Thread-safe. Resources are opened and closed outside the lock, by one thread at a time.
 */
final class SharedResource<K, R extends AutoCloseable> {
    /** How soon a waiting task notices that it was killed: Spark tells it by a flag, not by an interrupt. */
    private static final long WAIT_MILLIS = 100;

    /** A process that ends inside native code may crash; one that is asked to end must not stay for minutes. */
    private static final Duration WAIT_AT_END = Duration.ofSeconds(10);

    private final Opener<K, R> opener;
    private final Object lock = new Object();
    private Optional<Held> held = Optional.empty();
    private boolean changing;

    SharedResource(Opener<K, R> opener) {
        this.opener = opener;
    }

    /** Opens the resource of a key. */
    @FunctionalInterface
    interface Opener<K, R> {
        R open(K key) throws Exception;
    }

    /**
     * Waits for the resource and takes a share of it.
     *
     * @param giveUp called while waiting; throws to end the wait
     * @throws Exception what opening this key's resource, or closing the one before it, threw
     */
    Lease acquire(K key, Runnable giveUp) throws Exception {
        Optional<Held> replaced;
        synchronized (lock) {
            while (changing
                    || held.filter(it -> !it.key.equals(key) && it.leases > 0).isPresent()) {
                giveUp.run();
                lock.wait(WAIT_MILLIS);
            }
            if (held.isPresent() && held.get().key.equals(key)) {
                return new Lease(held.get());
            }
            replaced = held;
            held = Optional.empty();
            changing = true;
        }
        try {
            if (replaced.isPresent()) {
                replaced.get().resource.close();
            }
            Held opened = new Held(key, opener.open(key));
            synchronized (lock) {
                held = Optional.of(opened);
                return new Lease(opened);
            }
        } finally {
            changed();
        }
    }

    /** What is open now, for one to look at; its lease is others'. */
    Optional<R> open() {
        synchronized (lock) {
            return held.map(it -> it.resource);
        }
    }

    /** Closes what is open or is being opened, used or not: for the end of the process. */
    void close() throws Exception {
        Optional<Held> last;
        long end = System.nanoTime() + WAIT_AT_END.toNanos();
        synchronized (lock) {
            while (changing && System.nanoTime() < end) {
                lock.wait(WAIT_MILLIS);
            }
            last = held;
            held = Optional.empty();
        }
        if (last.isPresent()) {
            last.get().resource.close();
        }
    }

    private void changed() {
        synchronized (lock) {
            changing = false;
            lock.notifyAll();
        }
    }

    /** What is open, and by how many it is used. */
    private final class Held {
        private final K key;
        private final R resource;
        private int leases;

        Held(K key, R resource) {
            this.key = key;
            this.resource = resource;
        }
    }

    /** A share of the resource. Closing it twice is harmless. */
    final class Lease implements AutoCloseable {
        private final Held from;
        private boolean returned;

        /** Made under the lock. */
        private Lease(Held from) {
            this.from = from;
            from.leases++;
        }

        R resource() {
            return from.resource;
        }

        /** Returns the share of a resource that is broken: it is closed, and the next caller opens another. */
        void discard() throws Exception {
            synchronized (lock) {
                if (held.filter(it -> it == from).isEmpty()) {
                    return; // someone else who shared it was first
                }
                held = Optional.empty();
                changing = true;
            }
            try {
                from.resource.close();
            } finally {
                changed();
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (!returned) {
                    returned = true;
                    from.leases--;
                    lock.notifyAll();
                }
            }
        }
    }
}
