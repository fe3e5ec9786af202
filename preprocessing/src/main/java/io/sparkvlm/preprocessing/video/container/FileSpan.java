package io.sparkvlm.preprocessing.video.container;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import java.nio.charset.StandardCharsets;

/**
 * A stretch of a file, read at any place and never past its end. Places count from the stretch's own start; messages
 * count from the file's.
 */
final class FileSpan {
    private final byte[] bytes;
    private final int start;
    private final int length;

    FileSpan(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private FileSpan(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
    }

    int length() {
        return length;
    }

    /** Where in the file a place of this stretch is. */
    int inFile(int at) {
        return start + at;
    }

    /** A part of this stretch. */
    FileSpan part(int at, long partLength, String what) throws UnreadableVideoException {
        if (at < 0 || at > length || partLength < 0 || partLength > length - at) {
            throw UnreadableVideoException.damaged("expected " + Long.toUnsignedString(partLength) + " bytes of " + what
                    + " at byte " + inFile(at) + ", found " + Math.max(0, length - at));
        }
        return new FileSpan(bytes, start + at, (int) partLength);
    }

    int u8(int at, String what) throws UnreadableVideoException {
        return bytes[part(at, 1, what).start] & 0xFF;
    }

    int u16(int at, String what) throws UnreadableVideoException {
        return (int) bigEndian(at, 2, what);
    }

    long u32(int at, String what) throws UnreadableVideoException {
        return bigEndian(at, 4, what);
    }

    /** Above 2^63 it is negative, which no length may be. */
    long u64(int at, String what) throws UnreadableVideoException {
        return bigEndian(at, 8, what);
    }

    long u32LittleEndian(int at, String what) throws UnreadableVideoException {
        return Integer.reverseBytes((int) bigEndian(at, 4, what)) & 0xFFFF_FFFFL;
    }

    /** Four characters, as the names of boxes and chunks. */
    String fourCharacters(int at, String what) throws UnreadableVideoException {
        return new String(bytes, part(at, 4, what).start, 4, StandardCharsets.ISO_8859_1);
    }

    /** All bytes of the stretch, as characters of a byte each. */
    String text() {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    long bigEndian(int at, int count, String what) throws UnreadableVideoException {
        int from = part(at, count, what).start;
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = (value << 8) | (bytes[i] & 0xFF);
        }
        return value;
    }
}
