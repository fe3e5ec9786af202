package io.sparkvlm.preprocessing.image.jpeg;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OpenCvDecoder;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Turns a JPEG's pixels into interleaved RGB with the decoder that its colours need. */
final class JpegDecoder {
    private JpegDecoder() {}

    static void decode(ImageFormat format, ImageHeader header, byte[] bytes, ByteBuffer rgb)
            throws DamagedImageException {
        JpegColours colours = JpegColours.of(bytes);
        switch (colours) {
            case GREY_OR_RGB -> decodeRgb(format, header, bytes, rgb);
            case CMYK, YCCK -> rgb.put(0, CmykJpegDecoder.decode(header, bytes, colours));
        }
    }

    private static void decodeRgb(ImageFormat format, ImageHeader header, byte[] bytes, ByteBuffer rgb)
            throws DamagedImageException {
        int flags = IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION;
        OpenCvDecoder.decode(format, header, bytes, flags, rgb, pixels -> {
            BytePointer buffer = new BytePointer(rgb);
            if (pixels.data().address() != buffer.address()) {
                Pointer.memcpy(buffer, pixels.data(), rgb.capacity());
            }
        });
    }
}
