package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;
import java.util.Arrays;

/**
 * The colours of a BMP's indices. Pillow takes a palette of all greys in order for no palette at all, and then reads
 * indices of a byte each, or of a bit where there are two colours at most, whatever the header says of their size.
 *
 * @param colours {@value Palette#MAX_COLOURS} of them as 0xRRGGBB
 * @param indexBits of a stored index: 1, 4 or 8
 */
record BmpPalette(int[] colours, int indexBits) {
    static final BmpPalette NONE = new BmpPalette(new int[0], 0);

    /** BmpImagePlugin: more are no palette. */
    private static final int MOST_DECLARED = 1 << 16;

    /** Reads as many entries as there are, if the file ends before. */
    static BmpPalette read(ByteReader reader, long declared, int entryBytes, int indexBits)
            throws DamagedImageException {
        if (declared > MOST_DECLARED) {
            throw new DamagedImageException(
                    "expected a BMP palette of at most " + MOST_DECLARED + " colours, found " + declared);
        }
        int stored = (int) Math.min(declared, reader.remaining() / entryBytes);
        int[] entries = new int[stored];
        for (int i = 0; i < stored; i++) {
            int blue = reader.u8("BMP palette");
            int green = reader.u8("BMP palette");
            entries[i] = blue | green << 8 | reader.u8("BMP palette") << 16;
            reader.skip(entryBytes - 3L, "BMP palette");
        }
        if (stored == declared && isBlackAndWhite(entries)) {
            int[] colours = new int[Palette.MAX_COLOURS];
            Arrays.fill(colours, 1, colours.length, WhiteBackground.WHITE);
            return new BmpPalette(colours, 1);
        }
        if (stored == declared && isGrey(entries)) {
            return new BmpPalette(Palette.grey(), 8);
        }
        if (stored > Palette.MAX_COLOURS) {
            throw new DamagedImageException(
                    "expected a BMP palette of at most " + Palette.MAX_COLOURS + " colours, found " + stored);
        }
        return new BmpPalette(Arrays.copyOf(entries, Palette.MAX_COLOURS), indexBits);
    }

    private static boolean isBlackAndWhite(int[] entries) {
        return Arrays.equals(entries, new int[] {0, WhiteBackground.WHITE}) || Arrays.equals(entries, new int[] {0});
    }

    private static boolean isGrey(int[] entries) {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] != (i & 0xFF) * 0x010101) {
                return false;
            }
        }
        return entries.length != 2;
    }
}
