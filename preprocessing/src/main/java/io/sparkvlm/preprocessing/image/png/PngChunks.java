package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import io.sparkvlm.preprocessing.image.png.PngFile.Span;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a PNG's chunks but the image data say, in the order in which they stand. One thread. */
final class PngChunks {
    /** PngImagePlugin: with less such a chunk is damage. */
    private static final Map<String, Integer> LEAST_BYTES =
            Map.of("IHDR", 13, "gAMA", 4, "cHRM", 32, "sRGB", 1, "pHYs", 9, "acTL", 8, "fcTL", 26);

    /** A megabyte each when unpacked: as many bytes as PngImagePlugin.MAX_TEXT_MEMORY. */
    private static final int MAX_TEXTS = 64;

    private final byte[] bytes;
    private final OrientationFinder finder = new OrientationFinder();
    private Optional<Shape> shape = Optional.empty();
    private Optional<Span> palette = Optional.empty();
    private Optional<Span> transparency = Optional.empty();
    private int texts;
    private boolean headEnded;

    PngChunks(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What IHDR says. */
    private record Shape(int width, int height, PngColour colour, int bitDepth, boolean interlaced) {}

    void take(String name, Span data) throws DamagedImageException {
        int least = LEAST_BYTES.getOrDefault(name, 0);
        if (data.length() < least) {
            throw new DamagedImageException(
                    "expected " + least + " bytes in the PNG chunk " + name + ", found " + data.length());
        }
        switch (name) {
            case "IHDR" -> shape = headEnded ? shape : Optional.of(shape(reader(data)));
            case "PLTE" -> palette = headEnded ? palette : Optional.of(data);
            case "tRNS" -> transparency = Optional.of(data);
            case "fcTL" -> requireWhole(reader(data));
            case "eXIf" -> finder.readExif(bytes, data.start(), data.end());
            case "tEXt", "zTXt", "iTXt" -> takeText(name, data);
            default -> {} // what changes no pixel
        }
    }

    /** The image data follow; what decides how they are read is known. */
    void endHead() throws DamagedImageException {
        headEnded = true;
        if (shape.isEmpty()) {
            throw new DamagedImageException("expected the chunk IHDR before the PNG's image data, found none");
        }
        if (shape.get().colour() == PngColour.PALETTE && palette.isEmpty()) {
            throw new DamagedImageException("expected a palette in a PNG of colour type 3, found none");
        }
    }

    PngFile file(List<Span> imageData) {
        Shape known = shape.orElseThrow();
        return new PngFile(
                ImageHeader.stored(known.width(), known.height(), finder.orientation()),
                known.colour(),
                known.bitDepth(),
                known.interlaced(),
                palette,
                transparency,
                imageData);
    }

    private ByteReader reader(Span data) {
        return new ByteReader(bytes, data.start(), data.end());
    }

    private static Shape shape(ByteReader ihdr) throws DamagedImageException {
        int width = dimension(ihdr.u32BigEndian("width"), "width");
        int height = dimension(ihdr.u32BigEndian("height"), "height");
        int bitDepth = ihdr.u8("bit depth");
        PngColour colour = PngColour.of(ihdr.u8("colour type"), bitDepth);
        ihdr.u8("compression method"); // zlib knows no other
        int filter = ihdr.u8("filter method");
        if (filter != 0) {
            throw new DamagedImageException("expected the PNG filter method 0, found " + filter);
        }
        return new Shape(width, height, colour, bitDepth, ihdr.u8("interlace method") != 0);
    }

    private static int dimension(long value, String what) throws DamagedImageException {
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw new DamagedImageException("expected a PNG " + what + " of at least 1, found " + value);
        }
        return (int) value;
    }

    /** PNG specification, 11.3.6.2: the first frame is the picture; Pillow reads a part of it where this says so. */
    private void requireWhole(ByteReader frame) throws DamagedImageException {
        frame.skip(4, "sequence number");
        long width = frame.u32BigEndian("width");
        long height = frame.u32BigEndian("height");
        long corner = frame.u32BigEndian("x") | frame.u32BigEndian("y");
        if (shape.isEmpty()
                || width != shape.get().width()
                || height != shape.get().height()
                || corner != 0) {
            throw new DamagedImageException(
                    "expected the first frame of an animated PNG to be all of it, found " + width + " x " + height);
        }
    }

    private void takeText(String name, Span data) throws DamagedImageException {
        if (PngText.isMeant(bytes, data.start(), data.end()) && ++texts > MAX_TEXTS) {
            throw new DamagedImageException("expected at most " + MAX_TEXTS + " PNG texts of XMP and EXIF, found more");
        }
        PngText.read(name, bytes, data.start(), data.end()).ifPresent(meant -> meant.tell(finder));
    }
}
