package io.sparkvlm.preprocessing.image.format;

import java.nio.charset.StandardCharsets;

/** Reads a file's fields one after another and never past its end. Used by one thread. */
public final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads from {@code start} until {@code end}, exclusive. */
    public ByteReader(byte[] bytes, int start, int end) {
        if (start < 0 || end < start || end > bytes.length) {
            throw new IllegalArgumentException(
                    "expected a range within " + bytes.length + " bytes, found " + start + " to " + end);
        }
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return end - position;
    }

    /** Moves to this place of the file. */
    public void moveTo(long target, String what) throws DamagedImageException {
        if (target < 0 || target > end) {
            throw new DamagedImageException(
                    what + " is said to lie at byte " + target + ", but the file has " + end + " bytes");
        }
        position = (int) target;
    }

    /** Skips so many bytes and returns where they started. */
    public int skip(long count, String what) throws DamagedImageException {
        if (count < 0 || count > remaining()) {
            throw new DamagedImageException(
                    "expected " + count + " bytes of " + what + " at byte " + position + ", found " + remaining());
        }
        int start = position;
        position += (int) count;
        return start;
    }

    public int u8(String what) throws DamagedImageException {
        return bytes[skip(1, what)] & 0xFF;
    }

    public int u16BigEndian(String what) throws DamagedImageException {
        return (int) bigEndian(2, what);
    }

    public int u16LittleEndian(String what) throws DamagedImageException {
        return (int) littleEndian(2, what);
    }

    public int u24LittleEndian(String what) throws DamagedImageException {
        return (int) littleEndian(3, what);
    }

    public long u32BigEndian(String what) throws DamagedImageException {
        return bigEndian(4, what);
    }

    public long u32LittleEndian(String what) throws DamagedImageException {
        return littleEndian(4, what);
    }

    private long bigEndian(int count, String what) throws DamagedImageException {
        int at = skip(count, what);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    private long littleEndian(int count, String what) throws DamagedImageException {
        int at = skip(count, what);
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    /** Four characters, as the names of PNG's and RIFF's chunks. */
    public String fourCharacters(String what) throws DamagedImageException {
        return new String(bytes, skip(4, what), 4, StandardCharsets.ISO_8859_1);
    }
}
