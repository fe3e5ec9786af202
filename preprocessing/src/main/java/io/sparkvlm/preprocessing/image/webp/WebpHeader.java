package io.sparkvlm.preprocessing.image.webp;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Optional;

/** Reads what a WebP's chunks say: VP8 (lossy), VP8L (lossless) or VP8X (with alpha, EXIF or animation). */
final class WebpHeader {
    private static final int RIFF_HEADER_BYTES = 8;

    private WebpHeader() {}

    static ImageHeader read(byte[] bytes) throws DamagedImageException {
        ByteReader whole = new ByteReader(bytes);
        whole.fourCharacters("RIFF signature");
        long size = whole.u32LittleEndian("RIFF size");
        long end = RIFF_HEADER_BYTES + size;
        if (end > bytes.length) {
            throw new DamagedImageException("the WebP is cut off: expected " + end + " bytes, found " + bytes.length);
        }
        ByteReader reader = new ByteReader(bytes, RIFF_HEADER_BYTES, (int) end);
        reader.fourCharacters("WEBP signature");
        Optional<int[]> canvas = Optional.empty();
        Optional<int[]> frame = Optional.empty();
        OrientationFinder finder = new OrientationFinder();
        while (reader.remaining() >= RIFF_HEADER_BYTES) {
            String name = reader.fourCharacters("WebP chunk name");
            long length = reader.u32LittleEndian("WebP chunk length");
            int start = reader.skip(length, "WebP chunk data");
            int chunkEnd = start + (int) length;
            ByteReader data = new ByteReader(bytes, start, chunkEnd);
            switch (name) {
                case "VP8X" -> canvas = Optional.of(extendedSize(data));
                case "VP8 " -> frame = frame.isPresent() ? frame : Optional.of(lossySize(data));
                case "VP8L" -> frame = frame.isPresent() ? frame : Optional.of(losslessSize(data));
                case "ANMF" -> frame = frame.isPresent() ? frame : canvas;
                case "EXIF" -> finder.readExif(bytes, start, chunkEnd);
                case "XMP " -> finder.readXmp(bytes, start, chunkEnd);
                default -> {} // ALPH, ICCP and what a later WebP adds
            }
            if (length % 2 == 1 && reader.remaining() > 0) {
                reader.skip(1, "padding");
            }
        }
        if (frame.isEmpty()) {
            throw new DamagedImageException("expected a picture in the WebP, found none in " + end + " bytes");
        }
        int[] picture = canvas.orElse(frame.get());
        return ImageHeader.stored(picture[0], picture[1], finder.orientation());
    }

    /** What the first chunk says, which is the picture or the canvas; orientation lies behind the picture. */
    static ImageHeader readStart(byte[] start) throws DamagedImageException {
        ByteReader reader = new ByteReader(start);
        reader.skip(RIFF_HEADER_BYTES, "RIFF header");
        reader.fourCharacters("WEBP signature");
        String name = reader.fourCharacters("WebP chunk name");
        reader.u32LittleEndian("WebP chunk length");
        int[] picture =
                switch (name) {
                    case "VP8X" -> extendedSize(reader);
                    case "VP8 " -> lossySize(reader);
                    case "VP8L" -> losslessSize(reader);
                    default ->
                        throw new DamagedImageException(
                                "expected a picture at the WebP's start, found the chunk " + name);
                };
        return ImageHeader.stored(picture[0], picture[1], Orientation.UPRIGHT);
    }

    private static int[] extendedSize(ByteReader data) throws DamagedImageException {
        data.skip(4, "VP8X flags");
        int width = 1 + data.u24LittleEndian("VP8X width");
        int height = 1 + data.u24LittleEndian("VP8X height");
        return new int[] {width, height};
    }

    /** RFC 6386, 9.1: three bytes of frame tag, the start code 9D 01 2A, then 14 bits each. */
    private static int[] lossySize(ByteReader data) throws DamagedImageException {
        data.skip(3, "VP8 frame tag");
        int startCode = data.u24LittleEndian("VP8 start code");
        int width = data.u16LittleEndian("VP8 width") & 0x3FFF;
        int height = data.u16LittleEndian("VP8 height") & 0x3FFF;
        if (startCode != 0x2A019D || width == 0 || height == 0) {
            throw new DamagedImageException(
                    "expected a VP8 key frame of at least 1 x 1, found " + width + " x " + height);
        }
        return new int[] {width, height};
    }

    /** The signature 2F, then 14 bits each of width and height less one. */
    private static int[] losslessSize(ByteReader data) throws DamagedImageException {
        int signature = data.u8("VP8L signature");
        long bits = data.u32LittleEndian("VP8L size");
        if (signature != 0x2F) {
            throw new DamagedImageException("expected the VP8L signature 2F, found another byte");
        }
        return new int[] {1 + (int) (bits & 0x3FFF), 1 + (int) ((bits >> 14) & 0x3FFF)};
    }
}
