package io.sparkvlm.job.doctor;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Measures how fast this machine copies memory, which bounds how fast a processor decodes tokens. */
final class MemoryBandwidth {
    /** Beyond any processor's caches, together. */
    private static final int WORDS = 16 << 20;

    private static final int PARTS = 64;
    private static final int TRIES = 4;

    private MemoryBandwidth() {}

    /** Bytes read and written a second, by all processors together, at the best of a few tries. */
    static double bytesPerSecond() {
        int[] from = new int[WORDS];
        int[] to = new int[WORDS];
        Arrays.fill(from, 1); // so that the pages are there
        Arrays.fill(to, 1);
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            IntStream.range(0, PARTS)
                    .parallel()
                    .map(part -> part * (WORDS / PARTS))
                    .forEach(offset -> System.arraycopy(from, offset, to, offset, WORDS / PARTS));
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.max(best, 2.0 * WORDS * Integer.BYTES / seconds);
        }
        return best;
    }
}
