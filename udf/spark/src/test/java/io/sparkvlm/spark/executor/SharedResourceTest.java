package io.sparkvlm.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // waits for events that a fault of the program may keep from happening
final class SharedResourceTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final SharedResource<String, Resource> shared = new SharedResource<>(this::open);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger waits = new AtomicInteger();
    private volatile Runnable whileItOpens = () -> {};

    /** Writes down when it is opened and closed. */
    private final class Resource implements AutoCloseable {
        private final String key;

        private Resource(String key) {
            this.key = key;
        }

        @Override
        public void close() {
            events.add("close " + key);
        }
    }

    private Resource open(String key) throws Exception {
        events.add("open " + key);
        whileItOpens.run();
        if (failing.get()) {
            throw new IOException("no memory for " + key);
        }
        return new Resource(key);
    }

    /** Waits as long as it takes. */
    private static void patiently() {}

    /** So does this, and is heard of it. */
    private void audibly() {
        waits.incrementAndGet();
    }

    private void awaitWaits(int atLeast) {
        while (waits.get() < atLeast) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("the test has ended");
            }
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void stopThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void opensOnceForAllWhoShareIt() throws Exception {
        whileItOpens = () -> awaitWaits(7);
        List<Future<Resource>> shares = IntStream.range(0, 8)
                .mapToObj(i -> threads.submit(() -> {
                    AtomicBoolean first = new AtomicBoolean(true);
                    return shared.acquire("a", () -> waits.addAndGet(first.getAndSet(false) ? 1 : 0))
                            .resource();
                }))
                .toList();
        Resource first = shares.get(0).get();
        for (Future<Resource> share : shares) {
            assertThat(share.get()).isSameAs(first);
        }
        assertThat(events).containsExactly("open a");
    }

    @Test
    void staysOpenForTheNextWhenNobodyUsesIt() throws Exception {
        shared.acquire("a", SharedResourceTest::patiently).close();
        shared.acquire("a", SharedResourceTest::patiently).close();
        assertThat(events).containsExactly("open a");
    }

    @Test
    void replacesTheResourceOnceNobodyUsesIt() throws Exception {
        SharedResource<String, Resource>.Lease one = shared.acquire("a", SharedResourceTest::patiently);
        SharedResource<String, Resource>.Lease two = shared.acquire("a", SharedResourceTest::patiently);
        Future<Resource> other =
                threads.submit(() -> shared.acquire("b", this::audibly).resource());
        awaitWaits(1);
        one.close();
        one.close(); // a second time must not count for the other share
        int before = waits.get();
        while (!other.isDone() && waits.get() < before + 2) {
            Thread.onSpinWait(); // until it has looked again
        }
        assertThat(other).isNotDone();
        two.close();
        assertThat(other.get().key).isEqualTo("b");
        assertThat(events).containsExactly("open a", "close a", "open b");
    }

    @Test
    void givesUpWaitingWhenToldTo() throws Exception {
        shared.acquire("a", SharedResourceTest::patiently);
        AtomicInteger asked = new AtomicInteger();
        Callable<Object> waiting = () -> shared.acquire("b", () -> {
            if (asked.incrementAndGet() > 2) {
                throw new IllegalStateException("killed");
            }
        });
        assertThatThrownBy(() -> threads.submit(waiting).get()).rootCause().hasMessage("killed");
    }

    @Test
    void opensAnotherAfterABrokenOneWasDiscarded() throws Exception {
        SharedResource<String, Resource>.Lease one = shared.acquire("a", SharedResourceTest::patiently);
        SharedResource<String, Resource>.Lease two = shared.acquire("a", SharedResourceTest::patiently);
        one.discard();
        SharedResource<String, Resource>.Lease fresh = shared.acquire("a", SharedResourceTest::patiently);
        two.discard(); // met the same fault later: the new one stays
        two.close();
        one.close();
        assertThat(fresh.resource()).isNotSameAs(one.resource());
        assertThat(shared.acquire("a", SharedResourceTest::patiently).resource())
                .isSameAs(fresh.resource());
        assertThat(events).containsExactly("open a", "close a", "open a");
    }

    @Test
    void triesAgainAfterOpeningFailed() throws Exception {
        failing.set(true);
        assertThatThrownBy(() -> shared.acquire("a", SharedResourceTest::patiently))
                .hasMessage("no memory for a");
        failing.set(false);
        assertThat(shared.acquire("a", SharedResourceTest::patiently).resource().key)
                .isEqualTo("a");
    }

    @Test
    void holdsAtMostOneOpenUnderManyThreadsAndKeys() throws Exception {
        AtomicInteger wrong = new AtomicInteger();
        List<Future<?>> users = IntStream.range(0, 8)
                .<Future<?>>mapToObj(user -> threads.submit(() -> {
                    for (int turn = 0; turn < 100; turn++) {
                        String key = user % 2 == 0 ? "a" : "b";
                        try (SharedResource<String, Resource>.Lease lease =
                                shared.acquire(key, SharedResourceTest::patiently)) {
                            wrong.addAndGet(lease.resource().key.equals(key) ? 0 : 1);
                            Thread.onSpinWait();
                        }
                    }
                    return null;
                }))
                .toList();
        for (Future<?> user : users) {
            user.get();
        }
        assertThat(wrong).hasValue(0);
        for (int i = 2; i < events.size(); i += 2) {
            assertThat(events.get(i - 1))
                    .startsWith("close")
                    .endsWith(events.get(i - 2).substring(5));
        }
    }
}
