package io.sparkvlm.bench.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keeps a share of the processors busy with nothing, until it is closed. */
final class BusyLoop implements AutoCloseable {
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** @param cores on average, as 0.3 */
    BusyLoop(double cores) {
        for (double left = cores; left > 0; left--) {
            long busyNanos = (long) (ROUND_NANOS * Math.min(1, left));
            Thread thread = new Thread(() -> run(busyNanos), "busy-loop");
            thread.start();
            threads.add(thread);
        }
    }

    private void run(long busyNanos) {
        try {
            while (!closed) {
                long end = System.nanoTime() + busyNanos;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                TimeUnit.NANOSECONDS.sleep(ROUND_NANOS - busyNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
