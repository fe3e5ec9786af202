package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;

/** What a JPEG's components stand for, as libjpeg decides it from their number and Adobe's marker. */
enum JpegColours {
    /** Grey, YCbCr or RGB. */
    GREY_OR_RGB,
    /** Four inks, inverted as Adobe stores them. */
    CMYK,
    /** Three inks turned into luminance and chrominance, and black. */
    YCCK;

    private static final int INK_COMPONENTS = 4;
    /** The marker's data: "Adobe", a version, two flags of two bytes, then the transform. */
    private static final int ADOBE_BYTES = 12;

    private static final int NO_TRANSFORM = 0;

    /** Reads the markers before the first scan of a file that was walked before. */
    static JpegColours of(byte[] bytes) throws DamagedImageException {
        JpegSegments segments = new JpegSegments(bytes);
        int components = 0;
        int transform = NO_TRANSFORM;
        int marker = segments.next();
        while (marker != JpegSegments.START_OF_SCAN && marker != JpegSegments.END_OF_IMAGE) {
            ByteReader data = segments.data();
            if (JpegSegments.isFrameHeader(marker)) {
                data.skip(5, "JPEG sample precision and size");
                components = data.u8("JPEG components");
            } else if (marker == JpegSegments.APP14 && data.remaining() >= ADOBE_BYTES) {
                transform = data.fourCharacters("Adobe marker").equals("Adob") ? lastByte(data) : transform;
            }
            marker = segments.next();
        }
        if (components != INK_COMPONENTS) {
            return GREY_OR_RGB;
        }
        return transform == NO_TRANSFORM ? CMYK : YCCK;
    }

    private static int lastByte(ByteReader adobe) throws DamagedImageException {
        adobe.skip(ADOBE_BYTES - 5, "Adobe marker");
        return adobe.u8("Adobe transform");
    }
}
