package io.sparkvlm.preprocessing.fetch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Whose turn is it? A slow place holds no more threads than its share, and what waits for it waits for no thread. */
final class Lanes implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final int perPlace;
    private final ThreadPoolExecutor threads;
    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Deque<Runnable>> waiting = new HashMap<>();

    Lanes(int threads, int perPlace) {
        this.perPlace = perPlace;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Lanes::thread,
                // After the end; Spark takes an exception that nobody catches for the executor's end.
                new ThreadPoolExecutor.DiscardPolicy());
        this.threads.allowCoreThreadTimeOut(true);
    }

    static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "sparkvlm-download");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs the job when its place has a share left. */
    synchronized void run(String place, Runnable job) {
        if (running.getOrDefault(place, 0) < perPlace) {
            start(place, job);
        } else {
            waiting.computeIfAbsent(place, it -> new ArrayDeque<>()).add(job);
        }
    }

    private void start(String place, Runnable job) {
        running.merge(place, 1, Integer::sum);
        threads.execute(() -> {
            try {
                job.run();
            } finally {
                ended(place);
            }
        });
    }

    private synchronized void ended(String place) {
        running.compute(place, (it, count) -> count == 1 ? null : count - 1);
        Optional<Deque<Runnable>> next = Optional.ofNullable(waiting.get(place));
        next.ifPresent(jobs -> start(place, jobs.remove()));
        if (next.filter(Deque::isEmpty).isPresent()) {
            waiting.remove(place);
        }
    }

    /** Interrupts what runs and forgets what waits. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
