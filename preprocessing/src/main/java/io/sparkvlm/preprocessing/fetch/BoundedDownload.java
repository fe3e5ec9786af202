package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.preprocessing.media.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Takes one file in, or as much of it as will do, up to a number of bytes and until a deadline. One for each download, used by
 * its thread alone.
 */
public final class BoundedDownload {
    /** Sizes that are claimed are believed up to here, because a claim costs its author nothing. */
    private static final int FIRST_BYTES = 1 << 16;

    private final Portion portion;
    private final Deadline deadline;
    private final ScheduledExecutorService clock;
    private final ByteBudget budget;
    private long takenBytes;

    BoundedDownload(Portion portion, Deadline deadline, ScheduledExecutorService clock, ByteBudget budget) {
        this.portion = portion;
        this.deadline = deadline;
        this.clock = clock;
        this.budget = budget;
    }

    public int maxBytes() {
        return portion.maxBytes();
    }

    public Deadline deadline() {
        return deadline;
    }

    /** Ends a call that blocks longer than this, or until the deadline, as {@link Deadline#guard} does. */
    public Deadline.Guard guard(Duration within, Runnable ending) {
        return deadline.guard(clock, within, ending);
    }

    /**
     * Reads to the end, or until what is here will do, or one byte past what may be taken.
     *
     * @param claimedBytes how large the file is said to be
     */
    public Download read(InputStream in, OptionalLong claimedBytes) throws IOException {
        giveBack(); // of an earlier try
        int maxBytes = maxBytes();
        if (claimedBytes.orElse(0) > maxBytes) {
            return Download.tooLarge(maxBytes);
        }
        byte[] buffer = grown(new byte[0], FIRST_BYTES);
        int length = 0;
        try {
            while (true) {
                length += in.readNBytes(buffer, length, buffer.length - length);
                if (length == buffer.length
                        && claimedBytes.orElse(Long.MAX_VALUE) > length
                        && portion.isEnough().test(buffer)) {
                    return Download.start(buffer, claimedBytes);
                }
                int next = length < buffer.length ? -1 : in.read();
                if (next < 0) {
                    return Download.received(length == buffer.length ? buffer : Arrays.copyOf(buffer, length));
                }
                if (length == maxBytes) {
                    return Download.tooLarge(maxBytes);
                }
                buffer = grown(buffer, 2L * length);
                buffer[length++] = (byte) next;
            }
        } catch (TooManyBytesException e) {
            return Download.tooLarge(maxBytes);
        }
    }

    /** Bounds what is taken in of a stream that is decompressed before it is read. */
    public InputStream limited(InputStream compressed) {
        return new LimitedStream(compressed, maxBytes());
    }

    private byte[] grown(byte[] buffer, long wantedBytes) {
        int grownBytes = (int) Math.min(wantedBytes, maxBytes());
        if (!budget.take(grownBytes - buffer.length)) {
            throw new BudgetExhaustedException();
        }
        takenBytes += grownBytes - buffer.length;
        return Arrays.copyOf(buffer, grownBytes);
    }

    /** Gives back what the file itself does not take of the budget. */
    void keep(long bytes) {
        budget.giveBack(takenBytes - bytes);
        takenBytes = bytes;
    }

    void giveBack() {
        keep(0);
    }

    private static final class LimitedStream extends FilterInputStream {
        private long leftBytes;

        LimitedStream(InputStream in, long maxBytes) {
            super(in);
            this.leftBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            return next < 0 ? next : counted(1, next);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            return read < 0 ? read : counted(read, read);
        }

        private int counted(int bytes, int result) throws TooManyBytesException {
            leftBytes -= bytes;
            if (leftBytes < 0) {
                throw new TooManyBytesException();
            }
            return result;
        }
    }

    private static final class TooManyBytesException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
