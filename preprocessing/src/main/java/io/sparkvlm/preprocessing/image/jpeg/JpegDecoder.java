package io.sparkvlm.preprocessing.image.jpeg;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OpenCvDecoder;
import io.sparkvlm.preprocessing.media.DecoderMemoryException;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Turns a JPEG's pixels into interleaved RGB with the decoder that its colours need. */
final class JpegDecoder {
    /** A decoder that has served others may lack so much, and a fresh one may have it. */
    private static final int MUCH_MEMORY_BYTES = 256 << 20;

    private JpegDecoder() {}

    static void decode(ImageFormat format, ImageHeader header, byte[] bytes, ByteBuffer rgb)
            throws DamagedImageException {
        JpegColours colours = JpegColours.of(bytes);
        switch (colours) {
            case GREY_OR_RGB -> decodeRgb(format, header, bytes, rgb);
            case CMYK, YCCK -> CmykJpegDecoder.decode(header, bytes, colours, rgb);
        }
    }

    private static void decodeRgb(ImageFormat format, ImageHeader header, byte[] bytes, ByteBuffer rgb)
            throws DamagedImageException {
        int flags = IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION;
        try {
            OpenCvDecoder.decode(format, header, bytes, flags, rgb, pixels -> {
                BytePointer buffer = new BytePointer(rgb);
                if (pixels.data().address() != buffer.address()) {
                    Pointer.memcpy(buffer, pixels.data(), rgb.capacity());
                }
            });
        } catch (DamagedImageException e) {
            throw why(e, header, bytes);
        }
    }

    /** OpenCV says neither that a file ends too early nor that there was no memory for it. */
    private static DamagedImageException why(DamagedImageException failure, ImageHeader header, byte[] bytes)
            throws DamagedImageException {
        JpegSegments segments = new JpegSegments(bytes);
        int marker = segments.next();
        while (marker != JpegSegments.END_OF_IMAGE) {
            marker = segments.next();
        }
        if (!segments.isWhole()) {
            return segments.cutOffException();
        }
        // All coefficients of several scans are held, of 2 bytes each.
        if (segments.scans() > 1 && 2L * header.rgbBytes() > MUCH_MEMORY_BYTES) {
            throw new DecoderMemoryException(failure);
        }
        return failure;
    }
}
