package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;

/** PNG's colour types, with the bit depths that each may have (PNG specification, table 11.1). */
enum PngColour {
    GREY(0, 1, 1 | 2 | 4 | 8 | 16),
    RGB(2, 3, 8 | 16),
    PALETTE(3, 1, 1 | 2 | 4 | 8),
    GREY_ALPHA(4, 2, 8 | 16),
    RGBA(6, 4, 8 | 16);

    private final int type;
    private final int channels;
    /** The sum of the allowed depths, which are powers of two. */
    private final int bitDepths;

    PngColour(int type, int channels, int bitDepths) {
        this.type = type;
        this.channels = channels;
        this.bitDepths = bitDepths;
    }

    static PngColour of(int type, int bitDepth) throws DamagedImageException {
        for (PngColour colour : values()) {
            if (colour.type == type && Integer.bitCount(bitDepth) == 1 && (colour.bitDepths & bitDepth) != 0) {
                return colour;
            }
        }
        throw new DamagedImageException(
                "expected one of PNG's colour types and bit depths, found type " + type + " with depth " + bitDepth);
    }

    int channels() {
        return channels;
    }
}
