package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Set;

/**
 * What a BMP's headers say, as Pillow understands them.
 *
 * @param topDown whether the first stored row is the picture's first
 * @param strideBytes from one stored row to the next
 * @param pixelBits of a stored pixel: 1, 4, 8, 16, 24 or 32
 * @param palette {@value Palette#MAX_COLOURS} colours as 0xRRGGBB; none above 8 bits
 * @param dataStart where the pixels begin
 */
record BmpFile(
        ImageHeader header,
        boolean topDown,
        long strideBytes,
        int pixelBits,
        Compression compression,
        BmpMasks masks,
        int[] palette,
        long dataStart) {
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
    private static final Set<Long> INFO_HEADER_BYTES =
            Set.of(40L, (long) V2_HEADER_BYTES, (long) V3_HEADER_BYTES, 64L, 108L, 124L);

    private static final Set<Integer> PIXEL_BITS = Set.of(1, 4, 8, 16, 24, 32);
    /** With more bits a pixel holds its colour itself. */
    private static final int MOST_INDEX_BITS = 8;

    static BmpFile read(byte[] bytes) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes);
        reader.skip(10, "BMP file header");
        long dataStart = reader.u32LittleEndian("BMP data offset");
        long headerBytes = reader.u32LittleEndian("BMP header size");
        boolean core = headerBytes == CORE_HEADER_BYTES;
        if (!core && !INFO_HEADER_BYTES.contains(headerBytes)) {
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
        if (!PIXEL_BITS.contains(bits)) {
            throw new DamagedImageException("expected a BMP of 1, 4, 8, 16, 24 or 32 bits a pixel, found " + bits);
        }
        Compression compression =
                core ? Compression.NONE : compression(reader.u32LittleEndian("BMP compression"), bits);
        long colours = core ? 0 : colours(reader);
        BmpMasks masks = BmpMasks.usual(bits);
        if (compression == Compression.BIT_FIELDS) {
            masks = BmpMasks.read(reader, bits, headerBytes >= V3_HEADER_BYTES);
        }
        reader.moveTo(Math.max(FILE_HEADER_BYTES + headerBytes, reader.position()), "the end of the BMP's header");
        BmpPalette palette = BmpPalette.NONE;
        if (bits <= MOST_INDEX_BITS) {
            long declared = colours == 0 ? 1L << bits : colours;
            int entryBytes = core ? 3 : 4;
            if (dataStart == FILE_HEADER_BYTES + headerBytes) {
                dataStart += declared * entryBytes; // the palette lies there, as Pillow sees it
            }
            palette = BmpPalette.read(reader, declared, entryBytes, bits);
        }
        return new BmpFile(
                new ImageHeader((int) width, (int) Math.abs(height), Orientation.UPRIGHT),
                height < 0,
                (width * bits + 31) / 32 * 4,
                bits <= MOST_INDEX_BITS ? palette.indexBits() : bits,
                compression,
                masks,
                palette.colours(),
                dataStart == 0 ? reader.position() : dataStart);
    }

    private static Compression compression(long value, int bits) throws DamagedImageException {
        if (value == 0) {
            return Compression.NONE;
        }
        if (value == 1 && bits <= MOST_INDEX_BITS) {
            return Compression.RLE8;
        }
        if (value == 2 && bits <= MOST_INDEX_BITS) {
            return Compression.RLE4;
        }
        if (value == 3 && bits > MOST_INDEX_BITS) {
            return Compression.BIT_FIELDS;
        }
        throw new DamagedImageException("expected BMP compression 0, 1 or 2 (up to 8 bits) or 3 (16 to 32 bits), found "
                + value + " with " + bits + " bits a pixel");
    }

    private static long colours(ByteReader reader) throws DamagedImageException {
        reader.skip(12, "BMP data size and resolution");
        long colours = reader.u32LittleEndian("BMP colours");
        reader.skip(4, "BMP important colours");
        return colours;
    }
}
