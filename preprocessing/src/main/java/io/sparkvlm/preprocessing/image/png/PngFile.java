package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What a PNG's chunks say and where they lie. Every length was checked against the file, and every chunk that matters
 * against its checksum.
 */
record PngFile(
        ImageHeader header,
        PngColour colour,
        int bitDepth,
        boolean interlaced,
        Optional<Span> palette,
        Optional<Span> transparency,
        List<Span> imageData) {
    /** Where a chunk's data lie. */
    record Span(int start, int length) {}

    private static final int SIGNATURE_BYTES = 8;
    /** Deflate makes no byte stand for more than this many (zlib's technical details). */
    private static final int MAX_DEFLATE_RATIO = 1032;

    /** A megabyte each when unpacked: as many bytes as PngImagePlugin.MAX_TEXT_MEMORY. */
    private static final int MAX_TEXTS = 64;

    PngFile {
        imageData = List.copyOf(imageData);
    }

    static PngFile read(byte[] bytes) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes);
        reader.skip(SIGNATURE_BYTES, "PNG signature");
        Span first = chunk(bytes, reader, expect(reader, "IHDR"));
        if (first.length() != 13) {
            throw new DamagedImageException("expected 13 bytes of IHDR, found " + first.length());
        }
        ByteReader ihdr = new ByteReader(bytes, first.start(), first.start() + first.length());
        int width = dimension(ihdr.u32BigEndian("width"), "width");
        int height = dimension(ihdr.u32BigEndian("height"), "height");
        int bitDepth = ihdr.u8("bit depth");
        PngColour colour = PngColour.of(ihdr.u8("colour type"), bitDepth);
        int compression = ihdr.u8("compression method");
        int filter = ihdr.u8("filter method");
        int interlace = ihdr.u8("interlace method");
        if (compression != 0 || filter != 0 || interlace > 1) {
            throw new DamagedImageException("expected PNG compression 0, filter 0 and interlace 0 or 1, found "
                    + compression + ", " + filter + " and " + interlace);
        }
        Chunks chunks = Chunks.read(bytes, reader);
        if (colour == PngColour.PALETTE && chunks.palette.isEmpty()) {
            throw new DamagedImageException("expected a palette in a PNG of colour type 3, found none");
        }
        long rawBytes = (long) width * height / 8 * colour.channels() * bitDepth;
        if (rawBytes / MAX_DEFLATE_RATIO > chunks.imageDataBytes()) {
            throw new DamagedImageException("expected image data for " + width + " x " + height
                    + " pixels in the PNG, found " + chunks.imageDataBytes() + " bytes");
        }
        return new PngFile(
                ImageHeader.stored(width, height, chunks.finder.orientation()),
                colour,
                bitDepth,
                interlace == 1,
                chunks.palette,
                chunks.transparency,
                chunks.imageData);
    }

    private static int dimension(long value, String what) throws DamagedImageException {
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw new DamagedImageException("expected a PNG " + what + " of at least 1, found " + value);
        }
        return (int) value;
    }

    private static long expect(ByteReader reader, String name) throws DamagedImageException {
        long length = reader.u32BigEndian("PNG chunk length");
        int at = reader.position();
        String found = reader.fourCharacters("PNG chunk name");
        if (!found.equals(name)) {
            throw new DamagedImageException("expected the chunk " + name + " at byte " + at);
        }
        return length;
    }

    /** The data of the chunk whose name was just read; its checksum is compared and passed. */
    private static Span chunk(byte[] bytes, ByteReader reader, long length) throws DamagedImageException {
        int nameAt = reader.position() - 4;
        Span span = new Span(reader.skip(length, "PNG chunk data"), (int) length);
        long expected = reader.u32BigEndian("PNG chunk checksum");
        CRC32 checksum = new CRC32();
        checksum.update(bytes, nameAt, 4 + span.length());
        if (checksum.getValue() != expected) {
            throw new DamagedImageException(
                    "the checksum of the PNG chunk at byte " + nameAt + " does not fit its data");
        }
        return span;
    }

    /** The chunks behind IHDR. */
    private static final class Chunks {
        private Optional<Span> palette = Optional.empty();
        private Optional<Span> transparency = Optional.empty();
        private final List<Span> imageData = new ArrayList<>();
        private final OrientationFinder finder = new OrientationFinder();
        private int texts;

        public static Chunks read(byte[] bytes, ByteReader reader) throws DamagedImageException {
            Chunks chunks = new Chunks();
            boolean goesOn = true;
            while (goesOn) {
                long length = reader.u32BigEndian("PNG chunk length");
                String name = reader.fourCharacters("PNG chunk name");
                goesOn = chunks.take(bytes, reader, name, length);
            }
            if (chunks.imageData.isEmpty()) {
                throw new DamagedImageException("expected image data in the PNG, found none");
            }
            return chunks;
        }

        private boolean take(byte[] bytes, ByteReader reader, String name, long length) throws DamagedImageException {
            switch (name) {
                case "IEND" -> {
                    return false;
                }
                case "PLTE" -> palette = Optional.of(chunk(bytes, reader, length));
                case "tRNS" -> transparency = Optional.of(chunk(bytes, reader, length));
                case "IDAT" -> imageData.add(chunk(bytes, reader, length));
                case "eXIf" -> {
                    Span exif = chunk(bytes, reader, length);
                    finder.readExif(bytes, exif.start(), exif.start() + exif.length());
                }
                case "tEXt", "zTXt", "iTXt" -> {
                    Span text = chunk(bytes, reader, length);
                    if (PngText.isMeant(bytes, text.start(), text.start() + text.length()) && ++texts > MAX_TEXTS) {
                        throw new DamagedImageException(
                                "expected at most " + MAX_TEXTS + " PNG texts of XMP and EXIF, found more");
                    }
                    PngText.read(name, bytes, text.start(), text.start() + text.length())
                            .ifPresent(meant -> meant.tell(finder));
                }
                default -> reader.skip(length + 4, "the PNG chunk " + printable(name));
            }
            return true;
        }

        long imageDataBytes() {
            return imageData.stream().mapToLong(Span::length).sum();
        }

        private static String printable(String name) {
            return name.chars().allMatch(c -> c > ' ' && c < 127) ? name : "with a damaged name";
        }
    }
}
