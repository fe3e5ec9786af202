package io.sparkvlm.preprocessing.media;

import java.util.Set;

/** PNG's colour types, with the bit depths that each may have (PNG specification, table 11.1). */
enum PngColour {
    GREY(0, 1, Set.of(1, 2, 4, 8, 16)),
    RGB(2, 3, Set.of(8, 16)),
    PALETTE(3, 1, Set.of(1, 2, 4, 8)),
    GREY_ALPHA(4, 2, Set.of(8, 16)),
    RGBA(6, 4, Set.of(8, 16));

    private final int type;
    private final int channels;
    private final Set<Integer> bitDepths;

    PngColour(int type, int channels, Set<Integer> bitDepths) {
        this.type = type;
        this.channels = channels;
        this.bitDepths = bitDepths;
    }

    static PngColour of(int type, int bitDepth) throws DamagedImageException {
        for (PngColour colour : values()) {
            if (colour.type == type && colour.bitDepths.contains(bitDepth)) {
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
