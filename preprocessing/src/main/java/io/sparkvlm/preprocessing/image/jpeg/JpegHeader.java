package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OrientationFinder;
import java.util.Optional;

/**
 * Reads what a JPEG's markers say, from its first byte to its last scan.
 *
 * <p>What follows the end-of-image marker (a second picture, junk) is not part of this one. A file may lack the marker
 * and have all its pixels, which OpenCV finds out; the JDK fills what a cut file lacks with grey, so that inks need it.
 */
final class JpegHeader {
    /** Progressive files have about ten; each costs a pass over all blocks, however few bytes it takes. */
    private static final int MAX_SCANS = 100;

    /** Other depths exist, lossless or for medicine; Pillow takes none of them. */
    private static final int SAMPLE_BITS = 8;

    private static final int INKS = 4;

    private JpegHeader() {}

    static ImageHeader read(byte[] bytes) throws DamagedImageException {
        JpegSegments segments = new JpegSegments(bytes);
        Optional<Frame> frame = Optional.empty();
        OrientationFinder finder = new OrientationFinder();
        for (int marker = segments.next(); marker != JpegSegments.END_OF_IMAGE; marker = segments.next()) {
            if (JpegSegments.isFrameHeader(marker) && frame.isEmpty()) {
                frame = Optional.of(Frame.read(segments.data()));
            } else if (marker == JpegSegments.APP1) {
                finder.readApp1(bytes, segments.start(), segments.end());
            } else if (segments.scans() > MAX_SCANS) {
                throw new DamagedImageException("expected a JPEG of at most " + MAX_SCANS + " scans, found more");
            }
        }
        if (frame.isEmpty() || segments.scans() == 0) {
            throw new DamagedImageException(
                    "expected a JPEG with a frame header and a scan, found its end at byte " + segments.end());
        }
        if (frame.get().components() == INKS && !segments.isWhole()) {
            throw segments.cutOffException();
        }
        return ImageHeader.stored(frame.get().width(), frame.get().height(), finder.orientation());
    }

    /** What the markers before the first scan say. */
    static ImageHeader readStart(byte[] start) throws DamagedImageException {
        JpegSegments segments = new JpegSegments(start);
        Optional<Frame> frame = Optional.empty();
        OrientationFinder finder = new OrientationFinder();
        for (int marker = segments.next(); segments.scans() == 0; marker = segments.next()) {
            if (marker == JpegSegments.END_OF_IMAGE) {
                throw segments.cutOffException();
            }
            if (JpegSegments.isFrameHeader(marker) && frame.isEmpty()) {
                frame = Optional.of(Frame.read(segments.data()));
            } else if (marker == JpegSegments.APP1) {
                finder.readApp1(start, segments.start(), segments.end());
            }
        }
        Frame found = frame.orElseThrow(segments::cutOffException);
        return ImageHeader.stored(found.width(), found.height(), finder.orientation());
    }

    /** What a frame header says. */
    private record Frame(int width, int height, int components) {
        static Frame read(ByteReader data) throws DamagedImageException {
            int precision = data.u8("JPEG sample precision");
            if (precision != SAMPLE_BITS) {
                throw new DamagedImageException(
                        "expected a JPEG of " + SAMPLE_BITS + " bits a sample, found " + precision);
            }
            int height = data.u16BigEndian("JPEG height");
            int width = data.u16BigEndian("JPEG width");
            if (width == 0 || height == 0) {
                throw new DamagedImageException(
                        "expected a JPEG with a width and height of at least 1, found " + width + " x " + height);
            }
            return new Frame(width, height, data.u8("JPEG components"));
        }
    }
}
