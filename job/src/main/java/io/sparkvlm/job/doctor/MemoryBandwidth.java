package io.sparkvlm.job.doctor;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * How fast a machine copies memory, which bounds how fast its processors decode tokens.
 *
 * @param bytes that it was measured within: caches that hold them make it look faster
 * @param bytesPerSecond read and written by all processors together, at the best of a few tries
 */
record MemoryBandwidth(long bytes, double bytesPerSecond) {
    /** More than two large processors cache together: 2 x 384 MB of the third level, AMD EPYC 9654. */
    private static final long MOST_BYTES = 1 << 30;

    private static final long LEAST_BYTES = 16 << 20;

    /** Of the heap and of what is free, so that neither an executor's container nor the machine runs full. */
    private static final int SHARE = 4;

    private static final int PARTS = 64;
    private static final int TRIES = 4;

    /** How many bytes to measure within, of a heap and of what a machine has free, where it says so. */
    static long bytes(long heapBytes, OptionalLong freeBytes) {
        long share = Math.min(heapBytes, freeBytes.orElse(heapBytes)) / SHARE;
        return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, share));
    }

    /** Measures this machine within so many bytes of the heap. */
    static MemoryBandwidth measured(long bytes) {
        int part = Math.toIntExact(bytes / 2 / Integer.BYTES / PARTS);
        int[] from = new int[part * PARTS];
        int[] to = new int[part * PARTS];
        Arrays.fill(from, 1); // so that the pages are there
        Arrays.fill(to, 1);
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            IntStream.range(0, PARTS)
                    .parallel()
                    .map(index -> index * part)
                    .forEach(offset -> System.arraycopy(from, offset, to, offset, part));
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.max(best, 2.0 * part * PARTS * Integer.BYTES / seconds);
        }
        return new MemoryBandwidth(bytes, best);
    }
}
