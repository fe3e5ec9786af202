package io.sparkvlm.preprocessing.video.ffmpeg;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The times at which a file's packets are shown, in the order in which they are stored. Used by one thread. */
final class PacketTimes {
    private long[] times = new long[1 << 10];
    private boolean[] entries = new boolean[1 << 10];
    private int count;

    /** Adds the next packet's time, and whether a decoder may begin at it. */
    void add(long time, boolean entry) {
        if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
            entries = Arrays.copyOf(entries, 2 * count);
        }
        times[count] = time;
        entries[count] = entry;
        count++;
    }

    int count() {
        return count;
    }

    /** The times in the order in which packets are shown. */
    long[] inOrder() {
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** The last packet before another one that is shown no later than this. */
    int lastUntil(long time, int end) {
        return IntStream.iterate(end - 1, i -> i - 1)
                .filter(i -> times[i] <= time)
                .findFirst()
                .orElseThrow();
    }

    /**
     * How many packets at most are stored before one that is shown before them.
     *
     * @param inOrder these times, which are distinct
     */
    int delay(long[] inOrder) {
        return IntStream.range(0, count)
                .map(i -> i - Arrays.binarySearch(inOrder, times[i]))
                .max()
                .orElse(0);
    }

    /** The entries that are shown after all packets before them, and before all packets after them. */
    int[] stretchStarts() {
        boolean[] first = entries.clone();
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            first[i] &= times[i] > latest;
            latest = Math.max(latest, times[i]);
        }
        long earliest = Long.MAX_VALUE;
        for (int i = count - 1; i >= 0; i--) {
            first[i] &= times[i] < earliest;
            earliest = Math.min(earliest, times[i]);
        }
        return IntStream.range(0, count).filter(i -> first[i]).toArray();
    }
}
