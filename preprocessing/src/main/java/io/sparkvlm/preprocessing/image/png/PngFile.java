package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What a PNG's chunks say and where they lie, read as Pillow reads them: chunks before the image data are held to their
 * checksums, those behind only to the file's end, and nothing behind a chunk without a name is a chunk. Whether the image
 * data are whole only their decoder knows.
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
    record Span(int start, int length) {
        int end() {
            return start + length;
        }
    }

    /** PngImagePlugin, is_cid. */
    private static final Pattern NAME = Pattern.compile("\\w{4}");

    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    /** Deflate makes no byte stand for more than this many (zlib's technical details). */
    private static final int MAX_DEFLATE_RATIO = 1032;

    PngFile {
        imageData = List.copyOf(imageData);
    }

    /** What the chunks before the image data say. */
    static ImageHeader headerOfStart(byte[] start) throws DamagedImageException {
        PngChunks chunks = new PngChunks(start);
        readHead(start, new ByteReader(start), chunks);
        return chunks.file(List.of()).header();
    }

    static PngFile read(byte[] bytes) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes);
        PngChunks chunks = new PngChunks(bytes);
        ChunkHeader next = readHead(bytes, reader, chunks);
        List<Span> imageData = new ArrayList<>();
        Optional<ChunkHeader> behind = Optional.of(next);
        while (behind.filter(it -> it.name().equals("IDAT")).isPresent()) {
            int length = (int) Math.min(behind.get().length(), reader.remaining());
            imageData.add(new Span(reader.skip(length, "PNG image data"), length));
            behind = headerAfterChecksum(reader);
        }
        while (behind.filter(it -> !it.endsPicture()).isPresent()) {
            chunks.take(behind.get().name(), data(reader, behind.get()));
            behind = headerAfterChecksum(reader);
        }
        PngFile file = chunks.file(imageData);
        file.requireEnoughImageData();
        return file;
    }

    /** Returns the header of the first chunk of image data. */
    private static ChunkHeader readHead(byte[] bytes, ByteReader reader, PngChunks chunks)
            throws DamagedImageException {
        reader.skip(SIGNATURE_BYTES, "PNG signature");
        ChunkHeader next = header(reader);
        while (!next.name().equals("IDAT")) {
            chunks.take(next.name(), checked(bytes, reader, next));
            next = header(reader);
        }
        chunks.endHead();
        return next;
    }

    private void requireEnoughImageData() throws DamagedImageException {
        long dataBytes = imageData.stream().mapToLong(Span::length).sum();
        long rawBytes = (long) header.storedWidth() * header.storedHeight() / 8 * colour.channels() * bitDepth;
        if (rawBytes / MAX_DEFLATE_RATIO > dataBytes) {
            throw new DamagedImageException("expected image data for " + header.storedWidth() + " x "
                    + header.storedHeight() + " pixels in the PNG, found " + dataBytes + " bytes");
        }
    }

    /** The length and the name before a chunk's data. */
    private record ChunkHeader(long length, String name) {
        /** A second frame's control belongs to an animation, of which the first picture is read. */
        boolean endsPicture() {
            return name.equals("IEND") || name.equals("fcTL");
        }
    }

    private static ChunkHeader header(ByteReader reader) throws DamagedImageException {
        long length = reader.u32BigEndian("PNG chunk length");
        int at = reader.position();
        String name = reader.fourCharacters("PNG chunk name");
        if (!NAME.matcher(name).matches()) {
            throw new DamagedImageException("expected the name of a PNG chunk at byte " + at + ", found other bytes");
        }
        if (name.equals("IEND") || name.equals("fdAT")) {
            throw new DamagedImageException("expected image data in the PNG, found " + name + " at byte " + at);
        }
        return new ChunkHeader(length, name);
    }

    /** The next chunk behind the image data, if the file goes on with one. */
    private static Optional<ChunkHeader> headerAfterChecksum(ByteReader reader) throws DamagedImageException {
        reader.skip(Math.min(CHECKSUM_BYTES, reader.remaining()), "PNG chunk checksum");
        if (reader.remaining() < CHUNK_HEADER_BYTES) {
            return Optional.empty();
        }
        long length = reader.u32BigEndian("PNG chunk length");
        String name = reader.fourCharacters("PNG chunk name");
        return Optional.of(new ChunkHeader(length, name))
                .filter(header -> NAME.matcher(name).matches());
    }

    private static Span data(ByteReader reader, ChunkHeader header) throws DamagedImageException {
        return new Span(reader.skip(header.length(), "the PNG chunk " + header.name()), (int) header.length());
    }

    private static Span checked(byte[] bytes, ByteReader reader, ChunkHeader header) throws DamagedImageException {
        int nameAt = reader.position() - header.name().length();
        Span span = data(reader, header);
        CRC32 checksum = new CRC32();
        checksum.update(bytes, nameAt, span.end() - nameAt);
        if (checksum.getValue() != reader.u32BigEndian("PNG chunk checksum")) {
            throw new DamagedImageException(
                    "the checksum of the PNG chunk " + header.name() + " at byte " + nameAt + " does not fit its data");
        }
        return span;
    }
}
