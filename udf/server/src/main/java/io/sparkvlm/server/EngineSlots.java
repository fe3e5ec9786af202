package io.sparkvlm.server;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds how many requests have their media decoded and are in the engine: the others wait, oldest first, and hold no pixels.
 * Thread-safe.
 */
final class EngineSlots {
    private final int sequences;
    private final long maxBytes;
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private int held;
    private long heldBytes;

    /**
     * Slots that are all free.
     *
     * @param sequences as many as the engine works on at once
     * @param maxBytes of all their patches; one request alone may have more, and more choices than there are sequences
     */
    EngineSlots(int sequences, long maxBytes) {
        this.sequences = sequences;
        this.maxBytes = maxBytes;
    }

    /** A slot that a request has or waits for, until it is closed. */
    final class Slot implements AutoCloseable {
        private final int choices;
        private final long bytes;
        private final Runnable whenTaken;
        private boolean taken;
        private boolean closed;

        private Slot(int choices, long bytes, Runnable whenTaken) {
            this.choices = choices;
            this.bytes = bytes;
            this.whenTaken = whenTaken;
        }

        @Override
        public void close() {
            synchronized (EngineSlots.this) {
                if (closed) {
                    return;
                }
                closed = true;
                if (taken) {
                    held -= choices;
                    heldBytes -= bytes;
                } else {
                    waiting.remove(this);
                }
            }
            dealOut();
        }
    }

    /**
     * Waits for a slot.
     *
     * @param choices sequences that the request is in the engine
     * @param bytes of its patches
     * @param whenTaken run once it is the request's turn; must be short
     */
    Slot take(int choices, long bytes, Runnable whenTaken) {
        Slot slot = new Slot(choices, bytes, whenTaken);
        synchronized (this) {
            waiting.addLast(slot);
        }
        dealOut();
        return slot;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private void dealOut() {
        Slot next = nextTaken();
        while (next != null) {
            next.whenTaken.run();
            next = nextTaken();
        }
    }

    /** @return null where none waits, or there is no room */
    private synchronized Slot nextTaken() {
        Slot first = waiting.peekFirst();
        if (first == null || (held > 0 && (held + first.choices > sequences || heldBytes + first.bytes > maxBytes))) {
            return null;
        }
        waiting.removeFirst();
        first.taken = true;
        held += first.choices;
        heldBytes += first.bytes;
        return first;
    }
}
