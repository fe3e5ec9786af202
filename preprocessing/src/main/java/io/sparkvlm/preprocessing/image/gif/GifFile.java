package io.sparkvlm.preprocessing.image.gif;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a GIF says up to its first picture, which is the only one read.
 *
 * @param frame where on the canvas the first picture lies
 * @param palette {@value Palette#MAX_COLOURS} colours as 0xRRGGBB
 * @param transparentIndex the palette's entry that stands for nothing
 * @param minimumCodeBits of the LZW data
 * @param dataStart where the LZW data's sub-blocks begin
 */
record GifFile(
        ImageHeader header,
        Frame frame,
        int[] palette,
        OptionalInt transparentIndex,
        int minimumCodeBits,
        int dataStart) {
    /** A rectangle of the canvas, and whether its rows are stored interlaced. */
    record Frame(int left, int top, int width, int height, boolean interlaced) {}

    private static final int SIGNATURE_BYTES = 6;
    private static final int EXTENSION = '!';
    private static final int IMAGE = ',';
    private static final int TRAILER = ';';
    /** One code more than LZW's table has, as in Pillow: there are files that say 11, and mean it. */
    private static final int MAX_CODE_BITS = 12;

    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int HAS_PALETTE = 0x80;
    private static final int INTERLACED = 0x40;

    static GifFile read(byte[] bytes) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes);
        reader.skip(SIGNATURE_BYTES, "GIF signature");
        int screenWidth = reader.u16LittleEndian("GIF width");
        int screenHeight = reader.u16LittleEndian("GIF height");
        int screenFlags = reader.u8("GIF flags");
        reader.skip(2, "GIF background and aspect ratio");
        Optional<int[]> globalPalette = palette(bytes, reader, screenFlags);
        OptionalInt transparentIndex = OptionalInt.empty();
        while (true) {
            int at = reader.position();
            int block = reader.u8("a GIF block");
            if (block == IMAGE) {
                break;
            }
            if (block == EXTENSION) {
                int label = reader.u8("GIF extension label");
                OptionalInt found = label == GRAPHIC_CONTROL ? transparentIndex(bytes, reader) : OptionalInt.empty();
                transparentIndex = found.isPresent() ? found : transparentIndex;
                skipSubBlocks(reader);
            } else if (block == TRAILER) {
                throw new DamagedImageException("expected an image in the GIF, found its end at byte " + at);
            } // else a byte that means nothing, which Pillow passes over
        }
        int left = reader.u16LittleEndian("GIF frame left");
        int top = reader.u16LittleEndian("GIF frame top");
        int width = reader.u16LittleEndian("GIF frame width");
        int height = reader.u16LittleEndian("GIF frame height");
        int flags = reader.u8("GIF frame flags");
        int[] palette = palette(bytes, reader, flags).or(() -> globalPalette).orElseGet(Palette::grey);
        int minimumCodeBits = reader.u8("GIF code size");
        if (width == 0 || height == 0 || minimumCodeBits > MAX_CODE_BITS) {
            throw new DamagedImageException("expected a GIF frame of at least 1 x 1 with codes of at most "
                    + MAX_CODE_BITS + " bits, found " + width + " x " + height + " with " + minimumCodeBits);
        }
        // A frame that sticks out makes the canvas larger, as in Pillow.
        ImageHeader header = new ImageHeader(
                Math.max(screenWidth, left + width), Math.max(screenHeight, top + height), Orientation.UPRIGHT);
        return new GifFile(
                header,
                new Frame(left, top, width, height, (flags & INTERLACED) != 0),
                palette,
                transparentIndex,
                minimumCodeBits,
                reader.position());
    }

    private static Optional<int[]> palette(byte[] bytes, ByteReader reader, int flags) throws DamagedImageException {
        if ((flags & HAS_PALETTE) == 0) {
            return Optional.empty();
        }
        int colours = 2 << (flags & 7);
        int at = reader.skip(3L * colours, "GIF palette");
        int[] palette = new int[Palette.MAX_COLOURS];
        for (int i = 0; i < colours; i++, at += 3) {
            palette[i] = Palette.colour(bytes[at], bytes[at + 1], bytes[at + 2]);
        }
        // Greys in order are no palette to Pillow, so that what they do not cover is grey, too.
        boolean grey = Arrays.equals(palette, 0, colours, Palette.grey(), 0, colours);
        return Optional.of(grey ? Palette.grey() : palette);
    }

    private static OptionalInt transparentIndex(byte[] bytes, ByteReader reader) throws DamagedImageException {
        int length = reader.u8("GIF graphic control length");
        int start = reader.skip(length, "GIF graphic control");
        if (length == 0) {
            return OptionalInt.empty();
        }
        ByteReader control = new ByteReader(bytes, start, start + length);
        int flags = control.u8("GIF graphic control flags");
        control.skip(2, "GIF delay");
        return (flags & 1) == 1 ? OptionalInt.of(control.u8("GIF transparent index")) : OptionalInt.empty();
    }

    private static void skipSubBlocks(ByteReader reader) throws DamagedImageException {
        int length = reader.u8("GIF sub-block length");
        while (length != 0) {
            reader.skip(length, "a GIF sub-block");
            length = reader.u8("GIF sub-block length");
        }
    }
}
