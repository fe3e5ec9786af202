package io.sparkvlm.preprocessing.decode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads all of a child's standard error, so that the child never waits for it, and keeps the end. */
final class ErrorTail {
    private static final int KEPT_BYTES = 4096;
    private static final int READ_BYTES = 8192;
    private static final long END_MILLIS = 500;

    private final byte[] kept = new byte[KEPT_BYTES];
    private final Thread reader;
    private int length;

    ErrorTail(InputStream in) {
        this.reader = new Thread(() -> drain(in), "sparkvlm-decoder-errors");
        reader.setDaemon(true);
        reader.start();
    }

    private void drain(InputStream in) {
        byte[] read = new byte[READ_BYTES];
        try (in) {
            for (int count = in.read(read); count >= 0; count = in.read(read)) {
                keep(read, count);
            }
        } catch (IOException e) {
            // The stream of a process that was killed closes under its reader: there is no more to keep.
        }
    }

    private synchronized void keep(byte[] read, int count) {
        int newer = Math.min(count, KEPT_BYTES);
        int older = Math.min(length, KEPT_BYTES - newer);
        System.arraycopy(kept, length - older, kept, 0, older);
        System.arraycopy(read, count - newer, kept, older, newer);
        length = older + newer;
    }

    /** The end of what a dead child wrote. */
    String text() {
        try {
            reader.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            return new String(kept, 0, length, StandardCharsets.UTF_8).strip();
        }
    }
}
