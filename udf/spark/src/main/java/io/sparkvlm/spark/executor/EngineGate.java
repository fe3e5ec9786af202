package io.sparkvlm.spark.executor;

/**
 * Lets a row have the executor's engine for itself: it waits until the rows inside have ended, and others wait for it.
 *
 * <p>Thread-safe. Turns are taken by tasks' threads and end on any.
 */
public final class EngineGate {
    /** How soon a waiting task notices that it was killed: Spark tells it by a flag, not by an interrupt. */
    private static final long WAIT_MILLIS = 100;

    private int inside;
    private boolean closed;

    /** A row's time in the engine. Closing it twice is harmless. */
    public final class Turn implements AutoCloseable {
        private final boolean alone;
        private boolean ended;

        private Turn(boolean alone) {
            this.alone = alone;
        }

        @Override
        public void close() {
            synchronized (EngineGate.this) {
                if (!ended) {
                    ended = true;
                    inside--;
                    closed &= !alone;
                    EngineGate.this.notifyAll();
                }
            }
        }
    }

    /**
     * A turn beside others.
     *
     * @param giveUp called while waiting; throws to end the wait
     */
    synchronized Turn shared(Runnable giveUp) throws InterruptedException {
        await(giveUp, false);
        inside++;
        return new Turn(false);
    }

    /** A turn without others. The caller may have turns that end without its doing. */
    synchronized Turn alone(Runnable giveUp) throws InterruptedException {
        await(giveUp, false);
        closed = true;
        try {
            await(giveUp, true);
        } catch (InterruptedException | RuntimeException e) {
            closed = false;
            notifyAll();
            throw e;
        }
        inside++;
        return new Turn(true);
    }

    private void await(Runnable giveUp, boolean untilEmpty) throws InterruptedException {
        while (untilEmpty ? inside > 0 : closed) {
            giveUp.run();
            wait(WAIT_MILLIS);
        }
    }
}
