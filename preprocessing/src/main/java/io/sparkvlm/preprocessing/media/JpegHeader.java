package io.sparkvlm.preprocessing.media;

import java.util.Optional;

/**
 * What a JPEG's markers say, read from its first byte to its last scan.
 *
 * <p>A decoder fills what a cut file lacks with grey, so the walk goes on to the end-of-image marker, which a cut file
 * lacks too.
 * What follows it (a second picture, junk) is not part of this one.
 */
final class JpegHeader {
    private static final int START_OF_IMAGE = 0xD8;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;
    private static final int FIRST_RESTART = 0xD0;
    private static final int TEMPORARY = 0x01;
    private static final int APP1 = 0xE1;
    /** Progressive files have about ten; each costs a pass over all blocks, however few bytes it takes. */
    private static final int MAX_SCANS = 100;

    private JpegHeader() {}

    static ImageHeader read(byte[] bytes) throws DamagedImageException {
        ByteReader reader = new ByteReader(bytes);
        reader.skip(2, "JPEG signature");
        Optional<int[]> frame = Optional.empty();
        Optional<Orientation> orientation = Optional.empty();
        int scans = 0;
        while (true) {
            int marker = nextMarker(bytes, reader);
            if (marker == END_OF_IMAGE) {
                break;
            }
            if (standsAlone(marker)) {
                continue;
            }
            int start = reader.position();
            int length = reader.u16BigEndian("segment length");
            if (length < 2) {
                throw new DamagedImageException(
                        "expected a JPEG segment of at least 2 bytes at byte " + start + ", found " + length);
            }
            int end = start + length;
            if (isFrameHeader(marker) && frame.isEmpty()) {
                frame = Optional.of(frameSize(reader));
            } else if (marker == APP1 && orientation.isEmpty() && end <= bytes.length) {
                orientation = ExifOrientation.startsAt(bytes, start + 2, end)
                        ? Optional.of(ExifOrientation.read(bytes, start + 2, end))
                        : orientation;
            }
            reader.moveTo(end, "the end of a JPEG segment");
            if (marker == START_OF_SCAN && ++scans > MAX_SCANS) {
                throw new DamagedImageException("expected a JPEG of at most " + MAX_SCANS + " scans");
            }
        }
        if (frame.isEmpty() || scans == 0) {
            throw new DamagedImageException(
                    "expected a JPEG with a frame header and a scan, found its end at byte " + reader.position());
        }
        int[] size = frame.get();
        return ImageHeader.stored(ImageFormat.JPEG, size[0], size[1], orientation.orElse(Orientation.UPRIGHT));
    }

    /** Goes behind the next marker, over entropy-coded data, fill bytes and junk. */
    private static int nextMarker(byte[] bytes, ByteReader reader) throws DamagedImageException {
        int at = reader.position();
        int last = bytes.length - 1;
        while (at < last) {
            if (bytes[at] != (byte) 0xFF) {
                at++;
                continue;
            }
            int marker = bytes[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++; // a fill byte
            } else if (marker == 0) {
                at += 2; // the byte 0xFF in entropy-coded data
            } else {
                reader.moveTo(at + 2L, "a JPEG marker");
                return marker;
            }
        }
        throw new DamagedImageException(
                "the JPEG is cut off: expected its end-of-image marker, found the end of the file at byte "
                        + bytes.length);
    }

    private static int[] frameSize(ByteReader reader) throws DamagedImageException {
        reader.skip(1, "JPEG sample precision");
        int height = reader.u16BigEndian("JPEG height");
        int width = reader.u16BigEndian("JPEG width");
        if (width == 0 || height == 0) {
            throw new DamagedImageException(
                    "expected a JPEG with a width and height of at least 1, found " + width + " x " + height);
        }
        return new int[] {width, height};
    }

    private static boolean standsAlone(int marker) {
        return marker == TEMPORARY || marker >= FIRST_RESTART && marker <= START_OF_IMAGE;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }
}
