package io.sparkvlm.preprocessing.image.format;

/** Lays transparent pixels on white, to the bit as Pillow's {@code Image.paste} with an alpha mask does. */
public final class WhiteBackground {
    public static final int WHITE = 0xFFFFFF;

    private WhiteBackground() {}

    /** A sample from 0 to 255 seen through an alpha from 0 to 255. */
    public static byte under(int sample, int alpha) {
        // Paste.c, BLEND and DIV255: a division by 255 that rounds
        int sum = 255 * (255 - alpha) + sample * alpha + 128;
        return (byte) (((sum >> 8) + sum) >> 8);
    }

    /** A colour 0xRRGGBB seen through an alpha from 0 to 255. */
    public static int under(int colour, byte alpha) {
        int opacity = alpha & 0xFF;
        return Palette.colour(
                under((colour >> 16) & 0xFF, opacity),
                under((colour >> 8) & 0xFF, opacity),
                under(colour & 0xFF, opacity));
    }
}
