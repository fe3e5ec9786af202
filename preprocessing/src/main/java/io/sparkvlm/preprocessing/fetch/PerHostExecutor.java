package io.sparkvlm.preprocessing.fetch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs jobs on a bounded number of threads, of which each host has a share: jobs that wait for a slow host hold no
 * thread.
 */
final class PerHostExecutor implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final int perHost;
    private final ThreadPoolExecutor threads;
    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Deque<Runnable>> waiting = new HashMap<>();

    PerHostExecutor(int threads, int perHost) {
        this.perHost = perHost;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                PerHostExecutor::thread,
                // After the end; Spark takes an uncaught exception for the executor's end.
                new ThreadPoolExecutor.DiscardPolicy());
        this.threads.allowCoreThreadTimeOut(true);
    }

    static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "sparkvlm-download");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs the job as soon as its host's share allows. */
    synchronized void run(String host, Runnable job) {
        if (running.getOrDefault(host, 0) < perHost) {
            start(host, job);
        } else {
            waiting.computeIfAbsent(host, it -> new ArrayDeque<>()).add(job);
        }
    }

    private void start(String host, Runnable job) {
        running.merge(host, 1, Integer::sum);
        threads.execute(() -> {
            try {
                job.run();
            } finally {
                ended(host);
            }
        });
    }

    private synchronized void ended(String host) {
        running.compute(host, (it, count) -> count == 1 ? null : count - 1);
        Optional<Deque<Runnable>> next = Optional.ofNullable(waiting.get(host));
        next.ifPresent(jobs -> start(host, jobs.remove()));
        if (next.filter(Deque::isEmpty).isPresent()) {
            waiting.remove(host);
        }
    }

    /** Interrupts what runs and forgets what waits. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
