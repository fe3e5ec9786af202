package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;

/** Where in a BMP's pixel of 16, 24 or 32 bits each channel lies; a channel without bits is absent. */
record BmpMasks(int red, int green, int blue, int alpha) {
    private static final BmpMasks RGB_555 = new BmpMasks(0x7C00, 0x3E0, 0x1F, 0);
    private static final BmpMasks BGR = new BmpMasks(0xFF0000, 0xFF00, 0xFF, 0);
    private static final BmpMasks BGRA = new BmpMasks(0xFF0000, 0xFF00, 0xFF, 0xFF000000);

    /** The masks of a file that brings none. */
    static BmpMasks usual(int bitsPerPixel) {
        return bitsPerPixel == 16 ? RGB_555 : BGR;
    }

    static BmpMasks read(ByteReader reader, int bitsPerPixel, boolean withAlpha) throws DamagedImageException {
        int red = (int) reader.u32LittleEndian("BMP red mask");
        int green = (int) reader.u32LittleEndian("BMP green mask");
        int blue = (int) reader.u32LittleEndian("BMP blue mask");
        int alpha = withAlpha && bitsPerPixel == 32 ? (int) reader.u32LittleEndian("BMP alpha mask") : 0;
        if ((red | green | blue | alpha) == 0 && bitsPerPixel == 32) {
            return BGRA; // as Pillow takes masks that are all zero
        }
        for (int mask : new int[] {red, green, blue, alpha}) {
            int run = mask >>> Integer.numberOfTrailingZeros(mask);
            if ((run & (run + 1)) != 0 || Integer.bitCount(mask) > 8) {
                throw new DamagedImageException(
                        "expected BMP masks of at most 8 neighbouring bits, found " + Integer.toHexString(mask));
            }
        }
        return new BmpMasks(red, green, blue, alpha);
    }

    /** The pixel as 0xRRGGBB, on white if it has an alpha. */
    int colour(int pixel) {
        int colour = (sample(pixel, red) << 16) | (sample(pixel, green) << 8) | sample(pixel, blue);
        return alpha == 0 ? colour : WhiteBackground.under(colour, (byte) sample(pixel, alpha));
    }

    private static int sample(int pixel, int mask) {
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        int largest = mask >>> shift;
        return ((pixel & mask) >>> shift) * 255 / largest;
    }
}
