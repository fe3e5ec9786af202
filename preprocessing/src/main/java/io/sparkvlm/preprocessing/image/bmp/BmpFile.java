package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Set;

/**
 * What a BMP's headers say.
 *
 * @param topDown whether the first stored row is the picture's first
 * @param bitsPerPixel 1, 4, 8, 16, 24 or 32
 * @param palette {@value Palette#MAX_COLOURS} colours as 0xRRGGBB; none above 8 bits
 * @param dataStart where the pixels begin
 */
record BmpFile(
        ImageHeader header,
        boolean topDown,
        int bitsPerPixel,
        Compression compression,
        BmpMasks masks,
        int[] palette,
        int dataStart) {
    enum Compression {
        NONE,
        RLE8,
        RLE4,
        BIT_FIELDS
    }

    private static final int FILE_HEADER_BYTES = 14;
    private static final int CORE_HEADER_BYTES = 12;
    /** From this size on the header itself holds the masks. */
    private static final int V2_HEADER_BYTES = 52;

    private static final int V3_HEADER_BYTES = 56;
    /** BITMAPINFOHEADER, its versions 2 to 5 and OS/2's. */
    private static final Set<Integer> INFO_HEADER_BYTES = Set.of(40, V2_HEADER_BYTES, V3_HEADER_BYTES, 64, 108, 124);

    private static final Set<Integer> BITS_PER_PIXEL = Set.of(1, 4, 8, 16, 24, 32);

    static BmpFile read(byte[] bytes) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes);
        reader.skip(10, "BMP file header");
        long dataStart = reader.u32LittleEndian("BMP data offset");
        long headerBytes = reader.u32LittleEndian("BMP header size");
        boolean core = headerBytes == CORE_HEADER_BYTES;
        if (!core && !INFO_HEADER_BYTES.contains((int) Math.min(headerBytes, Integer.MAX_VALUE))) {
            throw new DamagedImageException(
                    "expected a BMP header of 12, 40, 52, 56, 64, 108 or 124 bytes, found one of " + headerBytes);
        }
        long width = core ? reader.u16LittleEndian("BMP width") : (int) reader.u32LittleEndian("BMP width");
        long height = core ? reader.u16LittleEndian("BMP height") : (int) reader.u32LittleEndian("BMP height");
        if (width < 1 || height == 0 || height <= Integer.MIN_VALUE) {
            throw new DamagedImageException(
                    "expected a BMP with a width and height of at least 1, found " + width + " x " + height);
        }
        reader.skip(2, "BMP planes");
        int bits = reader.u16LittleEndian("BMP bits per pixel");
        Compression compression =
                core ? Compression.NONE : compression(reader.u32LittleEndian("BMP compression"), bits);
        long colours = core ? 0 : colours(reader);
        if (!BITS_PER_PIXEL.contains(bits)) {
            throw new DamagedImageException("expected a BMP of 1, 4, 8, 16, 24 or 32 bits a pixel, found " + bits);
        }
        BmpMasks masks = BmpMasks.usual(bits);
        if (compression == Compression.BIT_FIELDS) {
            masks = BmpMasks.read(reader, bits, headerBytes >= V3_HEADER_BYTES);
        }
        long paletteStart = Math.max(FILE_HEADER_BYTES + headerBytes, reader.position());
        reader.moveTo(paletteStart, "the BMP's palette");
        int[] palette =
                bits <= 8 ? palette(bytes, reader, colours == 0 ? 1 << bits : colours, core ? 3 : 4) : new int[0];
        if (dataStart != 0 && !(bits <= 8 && dataStart == FILE_HEADER_BYTES + headerBytes)) {
            reader.moveTo(dataStart, "the start of the BMP's pixels"); // else they follow the palette, as in Pillow
        }
        ImageHeader header = new ImageHeader((int) width, (int) Math.abs(height), Orientation.UPRIGHT);
        return new BmpFile(header, height < 0, bits, compression, masks, palette, reader.position());
    }

    private static Compression compression(long value, int bits) throws DamagedImageException {
        if (value == 0) {
            return Compression.NONE;
        }
        if (value == 1 && bits == 8) {
            return Compression.RLE8;
        }
        if (value == 2 && bits == 4) {
            return Compression.RLE4;
        }
        if (value == 3 && bits >= 16) {
            return Compression.BIT_FIELDS;
        }
        throw new DamagedImageException(
                "expected BMP compression 0, 1 (8 bits), 2 (4 bits) or 3 (16 to 32 bits), found " + value + " with "
                        + bits + " bits a pixel");
    }

    private static long colours(ByteReader reader) throws DamagedImageException {
        reader.skip(12, "BMP data size and resolution");
        long colours = reader.u32LittleEndian("BMP colours");
        reader.skip(4, "BMP important colours");
        return colours;
    }

    private static int[] palette(byte[] bytes, ByteReader reader, long colours, int entryBytes)
            throws DamagedImageException {
        if (colours > 256) {
            throw new DamagedImageException("expected a BMP palette of at most 256 colours, found " + colours);
        }
        int at = reader.skip(colours * entryBytes, "BMP palette");
        int[] palette = new int[Palette.MAX_COLOURS];
        for (int i = 0; i < colours; i++, at += entryBytes) {
            palette[i] = Palette.colour(bytes[at + 2], bytes[at + 1], bytes[at]);
        }
        return palette;
    }
}
