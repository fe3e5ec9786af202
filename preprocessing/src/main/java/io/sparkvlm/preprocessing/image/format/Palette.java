package io.sparkvlm.preprocessing.image.format;

/** Colours of indexed pictures, as 0xRRGGBB; an index that a palette does not cover is black, as in Pillow. */
public final class Palette {
    /** Most that any format has. */
    public static final int MAX_COLOURS = 256;

    private Palette() {}

    /** The grey palette of a file that has none. */
    public static int[] grey() {
        int[] palette = new int[MAX_COLOURS];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = i * 0x010101;
        }
        return palette;
    }

    public static int colour(byte red, byte green, byte blue) {
        return ((red & 0xFF) << 16) | ((green & 0xFF) << 8) | (blue & 0xFF);
    }

    public static void write(int colour, byte[] rgb, int at) {
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }
}
