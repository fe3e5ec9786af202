package io.sparkvlm.preprocessing.image.gif;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;

/** Unpacks a GIF's LZW codes (GIF89a, appendix F) into one palette index a pixel. One thread. */
final class GifLzw {
    private static final int MAX_CODES = 1 << 12;

    private final byte[] bytes;
    private final ByteReader reader;
    private final int clearCode;
    private final int minimumCodeBits;

    // A code stands for its prefix's pixels and one more.
    private final short[] prefix = new short[MAX_CODES];
    private final byte[] suffix = new byte[MAX_CODES];
    private final byte[] reversed = new byte[MAX_CODES];

    private int bits;
    private int bitCount;
    private int blockAt;
    private int blockEnd;

    GifLzw(byte[] bytes, GifFile file) {
        this.bytes = bytes;
        this.reader = new ByteReader(bytes, file.dataStart(), bytes.length);
        this.minimumCodeBits = file.minimumCodeBits();
        this.clearCode = 1 << minimumCodeBits;
        for (int i = 0; i < clearCode; i++) {
            suffix[i] = (byte) i;
        }
    }

    byte[] indices(int pixels) throws DamagedImageException {
        byte[] indices = new byte[pixels];
        int filled = 0;
        int endCode = clearCode + 1;
        int nextCode = clearCode + 2;
        int codeBits = minimumCodeBits + 1;
        int previous = clearCode;
        while (filled < pixels) {
            int code = code(codeBits, filled);
            if (code == clearCode) {
                nextCode = clearCode + 2;
                codeBits = minimumCodeBits + 1;
                previous = clearCode;
                continue;
            }
            boolean first = previous == clearCode;
            if (code == endCode || code > nextCode || (first && code > clearCode)) {
                throw new DamagedImageException(
                        "expected " + pixels + " pixels in the GIF, found the end or a wrong code after " + filled);
            }
            int length = spell(code < nextCode ? code : previous);
            byte firstPixel = reversed[length - 1];
            for (int i = length - 1; i >= 0 && filled < pixels; i--) {
                indices[filled++] = reversed[i];
            }
            if (code == nextCode && filled < pixels) {
                indices[filled++] = firstPixel;
            }
            if (!first && nextCode < MAX_CODES) {
                prefix[nextCode] = (short) previous;
                suffix[nextCode] = firstPixel;
                nextCode++;
                if (nextCode == 1 << codeBits && codeBits < 12) {
                    codeBits++;
                }
            }
            previous = code;
        }
        return indices;
    }

    /** Writes the pixels that a code stands for, the last first, and says how many. */
    private int spell(int code) throws DamagedImageException {
        if (code >= MAX_CODES) {
            throw new DamagedImageException("expected GIF codes below " + MAX_CODES + ", found " + code);
        }
        int length = 0;
        int rest = code;
        while (rest > clearCode) {
            reversed[length++] = suffix[rest];
            rest = prefix[rest];
        }
        reversed[length++] = suffix[rest];
        return length;
    }

    private int code(int codeBits, int filled) throws DamagedImageException {
        while (bitCount < codeBits) {
            if (blockAt == blockEnd) {
                int length = reader.u8("GIF picture data");
                if (length == 0) {
                    throw new DamagedImageException("the GIF's picture data end after " + filled + " pixels");
                }
                blockAt = reader.skip(length, "GIF picture data");
                blockEnd = blockAt + length;
            }
            bits |= (bytes[blockAt++] & 0xFF) << bitCount;
            bitCount += 8;
        }
        int code = bits & ((1 << codeBits) - 1);
        bits >>>= codeBits;
        bitCount -= codeBits;
        return code;
    }
}
