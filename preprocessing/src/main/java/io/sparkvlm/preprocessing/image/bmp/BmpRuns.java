package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.bmp.BmpFile.Compression;
import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import java.util.Arrays;

/**
 * Unpacks a BMP's run lengths (RLE8 and RLE4) into one palette index a pixel, the bottom row first. Where the codes do not
 * fit the rows, what they mean is what Pillow takes them for. One thread.
 */
final class BmpRuns {
    private static final int END_OF_LINE = 0;
    private static final int END_OF_BITMAP = 1;
    private static final int DELTA = 2;

    private final byte[] bytes;
    private final ByteReader reader;
    private final int width;
    private final boolean nibbles;
    private final byte[] indices;
    private int filled;
    /** Pixels that the current row was given, be it more than it has room for. */
    private int column;

    BmpRuns(byte[] bytes, BmpFile file) throws DamagedImageException {
        this.bytes = bytes;
        this.reader = new ByteReader(bytes);
        reader.moveTo(file.dataStart(), "the start of the BMP's pixels");
        this.width = file.header().width();
        this.nibbles = file.compression() == Compression.RLE4;
        this.indices = new byte[width * file.header().height()];
    }

    byte[] indices() throws DamagedImageException {
        while (filled < indices.length) {
            int count = reader.u8("a BMP run");
            int value = reader.u8("a BMP run");
            if (count > 0) {
                run(Math.max(0, Math.min(count, width - column)), value);
            } else if (value == END_OF_LINE) {
                skip((width - filled % width) % width);
                column = 0;
            } else if (value == END_OF_BITMAP) {
                throw new DamagedImageException("expected " + indices.length + " pixels in the BMP, found " + filled);
            } else if (value == DELTA) {
                int right = reader.u8("BMP delta");
                int up = reader.u8("BMP delta");
                skip(right + (long) up * width);
                column = filled % width;
            } else {
                literal(value);
            }
        }
        return indices;
    }

    private void run(int count, int value) {
        int end = Math.min(indices.length, filled + count);
        if (nibbles) {
            for (int i = 0; filled < end; i++) {
                indices[filled++] = (byte) (i % 2 == 0 ? value >> 4 : value & 0xF);
            }
        } else {
            Arrays.fill(indices, filled, end, (byte) value);
            filled = end;
        }
        column += count;
    }

    /** Passed pixels keep index 0. */
    private void skip(long count) {
        filled = (int) Math.min(indices.length, filled + count);
    }

    private void literal(int declared) throws DamagedImageException {
        int count = Math.min(declared, indices.length - filled);
        int stored = nibbles ? (count + 1) / 2 : count;
        int from = reader.skip(stored, "BMP pixels");
        for (int i = 0; i < count; i++) {
            int value = nibbles ? (bytes[from + i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xF : bytes[from + i];
            indices[filled++] = (byte) value;
        }
        column += declared;
        if (reader.position() % 2 == 1 && reader.remaining() > 0) {
            reader.skip(1, "padding"); // to 16 bits
        }
    }
}
