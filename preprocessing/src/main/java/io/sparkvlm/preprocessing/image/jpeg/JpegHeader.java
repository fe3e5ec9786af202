package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Optional;

/**
 * Reads what a JPEG's markers say, from its first byte to its last scan.
 *
 * <p>A decoder fills what a cut file lacks with grey, so the walk goes on to the end-of-image marker, which a cut file
 * lacks too. What follows it (a second picture, junk) is not part of this one.
 */
final class JpegHeader {
    /** Progressive files have about ten; each costs a pass over all blocks, however few bytes it takes. */
    private static final int MAX_SCANS = 100;

    /** Other depths exist, lossless or for medicine; Pillow takes none of them. */
    private static final int SAMPLE_BITS = 8;

    private JpegHeader() {}

    static ImageHeader read(byte[] bytes) throws DamagedImageException {
        JpegSegments segments = new JpegSegments(bytes);
        Optional<ImageHeader> frame = Optional.empty();
        OrientationFinder finder = new OrientationFinder();
        int scans = 0;
        for (int marker = segments.next(); marker != JpegSegments.END_OF_IMAGE; marker = segments.next()) {
            if (JpegSegments.isFrameHeader(marker) && frame.isEmpty()) {
                frame = Optional.of(unturned(segments.data()));
            } else if (marker == JpegSegments.APP1) {
                finder.readApp1(bytes, segments.start(), segments.end());
            } else if (marker == JpegSegments.START_OF_SCAN && ++scans > MAX_SCANS) {
                throw new DamagedImageException("expected a JPEG of at most " + MAX_SCANS + " scans, found more");
            }
        }
        if (frame.isEmpty() || scans == 0) {
            throw new DamagedImageException(
                    "expected a JPEG with a frame header and a scan, found its end at byte " + segments.end());
        }
        ImageHeader stored = frame.get();
        return ImageHeader.stored(stored.width(), stored.height(), finder.orientation());
    }

    private static ImageHeader unturned(ByteReader frame) throws DamagedImageException {
        int precision = frame.u8("JPEG sample precision");
        if (precision != SAMPLE_BITS) {
            throw new DamagedImageException("expected a JPEG of " + SAMPLE_BITS + " bits a sample, found " + precision);
        }
        int height = frame.u16BigEndian("JPEG height");
        int width = frame.u16BigEndian("JPEG width");
        if (width == 0 || height == 0) {
            throw new DamagedImageException(
                    "expected a JPEG with a width and height of at least 1, found " + width + " x " + height);
        }
        return new ImageHeader(width, height, Orientation.UPRIGHT);
    }
}
