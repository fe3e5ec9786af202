package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Where in a BMP's pixel of 16, 24 or 32 bits each channel lies; a channel without bits is absent. */
record BmpMasks(int red, int green, int blue, int alpha) {
    private static final BmpMasks RGB_555 = new BmpMasks(0x7C00, 0x3E0, 0x1F, 0);
    private static final BmpMasks RGB_565 = new BmpMasks(0xF800, 0x7E0, 0x1F, 0);
    private static final BmpMasks BGR = new BmpMasks(0xFF0000, 0xFF00, 0xFF, 0);
    private static final BmpMasks BGRA = new BmpMasks(0xFF0000, 0xFF00, 0xFF, 0xFF000000);

    /** Those that Pillow knows (BmpImagePlugin, SUPPORTED), by the bits of a pixel. */
    private static final Map<Integer, Set<BmpMasks>> KNOWN = Map.of(
            16,
            Set.of(RGB_555, RGB_565),
            24,
            Set.of(BGR),
            32,
            Set.of(
                    BGR,
                    BGRA,
                    new BmpMasks(0xFF000000, 0xFF0000, 0xFF00, 0),
                    new BmpMasks(0xFF000000, 0xFF00, 0xFF, 0),
                    new BmpMasks(0xFF000000, 0xFF0000, 0xFF00, 0xFF),
                    new BmpMasks(0xFF, 0xFF00, 0xFF0000, 0xFF000000),
                    new BmpMasks(0xFF000000, 0xFF00, 0xFF, 0xFF0000)));

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
        BmpMasks masks = new BmpMasks(red, green, blue, alpha);
        if (!KNOWN.get(bitsPerPixel).contains(masks)) {
            throw new DamagedImageException(
                    "expected BMP masks of whole bytes, of 5, 6 and 5 or of three times 5 bits in one"
                            + " of the usual orders, found " + masks.inHexadecimal());
        }
        return masks;
    }

    private String inHexadecimal() {
        return IntStream.of(red, green, blue, alpha)
                .mapToObj(Integer::toHexString)
                .collect(Collectors.joining(", "));
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
