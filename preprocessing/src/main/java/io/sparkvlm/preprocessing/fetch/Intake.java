package io.sparkvlm.preprocessing.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;

/** How much of a file is taken in, and until when? One for each download, used by its thread alone. */
public final class Intake {
    /** Sizes that others claim are believed up to here: a claim costs its author nothing. */
    private static final int FIRST_BYTES = 1 << 16;

    private final int maxBytes;
    private final Deadline deadline;
    private final Room room;
    private long takenBytes;

    Intake(int maxBytes, Deadline deadline, Room room) {
        this.maxBytes = maxBytes;
        this.deadline = deadline;
        this.room = room;
    }

    public int maxBytes() {
        return maxBytes;
    }

    public Deadline deadline() {
        return deadline;
    }

    /**
     * Reads to the end, or one byte past what may be taken.
     *
     * @param claimedBytes how large the file is said to be
     */
    public Download read(InputStream in, OptionalLong claimedBytes) throws IOException {
        giveBack(); // of an earlier try
        if (claimedBytes.orElse(0) > maxBytes) {
            return Download.tooLarge(maxBytes);
        }
        byte[] buffer = grown(new byte[0], FIRST_BYTES);
        int length = 0;
        try {
            while (true) {
                length += in.readNBytes(buffer, length, buffer.length - length);
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

    /** For a stream that is decompressed before it is read: what it takes in is bounded too. */
    public InputStream bounded(InputStream compressed) {
        return new Bounded(compressed, maxBytes);
    }

    private byte[] grown(byte[] buffer, long wantedBytes) {
        int grownBytes = (int) Math.min(wantedBytes, maxBytes);
        if (!room.take(grownBytes - buffer.length)) {
            throw new NoRoomException();
        }
        takenBytes += grownBytes - buffer.length;
        return Arrays.copyOf(buffer, grownBytes);
    }

    /** Keeps the room that the file itself takes. */
    void keep(long bytes) {
        room.giveBack(takenBytes - bytes);
        takenBytes = bytes;
    }

    void giveBack() {
        keep(0);
    }

    private static final class Bounded extends FilterInputStream {
        private long leftBytes;

        Bounded(InputStream in, long maxBytes) {
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
