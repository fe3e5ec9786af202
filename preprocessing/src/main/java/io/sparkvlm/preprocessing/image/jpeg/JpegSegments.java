package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;

/**
 * Goes through a JPEG's segments one after another, over the entropy-coded data between them. Used by one thread.
 *
 * <p>{@link #next} moves on and says the marker; {@link #data} then reads what the segment holds.
 */
final class JpegSegments {
    static final int START_OF_SCAN = 0xDA;
    static final int END_OF_IMAGE = 0xD9;
    static final int APP1 = 0xE1;
    static final int APP14 = 0xEE;

    private static final int TEMPORARY = 0x01;
    private static final int FIRST_RESTART = 0xD0;
    private static final int START_OF_IMAGE = 0xD8;
    private static final int LENGTH_BYTES = 2;

    private final byte[] bytes;
    private final ByteReader reader;
    private int start;
    private int end;
    private int scans;
    private boolean whole = true;

    JpegSegments(byte[] bytes) throws DamagedImageException {
        this.bytes = bytes;
        this.reader = new ByteReader(bytes);
        reader.skip(2, "JPEG signature");
    }

    /**
     * The next segment's marker. {@link #END_OF_IMAGE} has no data; it also stands for the end of a file that has scans and
     * ends without it, or within a segment behind them: whether the pixels are there then only a decoder knows.
     */
    int next() throws DamagedImageException {
        int marker = nextMarker();
        while (marker == TEMPORARY || (marker >= FIRST_RESTART && marker <= START_OF_IMAGE)) {
            marker = nextMarker(); // these stand alone
        }
        if (marker == END_OF_IMAGE) {
            start = reader.position();
            end = start;
            return marker;
        }
        if (scans > 0 && reader.remaining() < LENGTH_BYTES) {
            return cutOff();
        }
        // A length below its own is one of no data: libjpeg goes on behind it, as Pillow does.
        int length = Math.max(LENGTH_BYTES, reader.u16BigEndian("JPEG segment length")) - LENGTH_BYTES;
        if (scans > 0 && reader.remaining() < length) {
            return cutOff();
        }
        start = reader.skip(length, "a JPEG segment");
        end = reader.position();
        scans += marker == START_OF_SCAN ? 1 : 0;
        return marker;
    }

    private int cutOff() throws DamagedImageException {
        if (scans == 0) {
            throw cutOffException();
        }
        whole = false;
        reader.moveTo(bytes.length, "the end of the file");
        start = bytes.length;
        end = start;
        return END_OF_IMAGE;
    }

    /** Says that the file ends too early. */
    DamagedImageException cutOffException() {
        return new DamagedImageException(
                "the JPEG is cut off: expected its end-of-image marker, found the end of the file at byte "
                        + bytes.length);
    }

    /** How many scans there were so far. */
    int scans() {
        return scans;
    }

    /** Whether the end came with its marker. */
    boolean isWhole() {
        return whole;
    }

    /** Reads the segment that {@link #next} came to. */
    ByteReader data() {
        return new ByteReader(bytes, start, end);
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
    static boolean isFrameHeader(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** Moves behind the next marker, over entropy-coded data, fill bytes and junk. */
    private int nextMarker() throws DamagedImageException {
        int at = reader.position();
        while (at < bytes.length - 1) {
            if (bytes[at] != (byte) 0xFF) {
                at++;
                continue;
            }
            int marker = bytes[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++; // a fill byte
            } else if (marker == 0) {
                at += 2; // the byte 0xFF in entropy-coded data
            } else {
                reader.moveTo(at + 2L, "a JPEG marker");
                return marker;
            }
        }
        return cutOff();
    }
}
