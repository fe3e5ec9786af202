package io.sparkvlm.preprocessing.image.webp;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OpenCvDecoder;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;
import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Turns a WebP's pixels into interleaved RGB, alpha on white. */
final class WebpDecoder {
    private WebpDecoder() {}

    static void decode(ImageFormat format, ImageHeader header, byte[] bytes, ByteBuffer rgb)
            throws DamagedImageException {
        OpenCvDecoder.decode(format, header, bytes, IMREAD_UNCHANGED, rgb, pixels -> rgbOnWhite(pixels, rgb));
    }

    /** Turns BGR or BGRA, which may lie where RGB goes, into RGB on white. */
    private static void rgbOnWhite(Mat pixels, ByteBuffer rgb) {
        int channels = pixels.channels();
        byte[] from = new byte[channels * pixels.cols()];
        byte[] to = new byte[3 * pixels.cols()];
        for (int y = 0; y < pixels.rows(); y++) {
            pixels.ptr(y).get(from);
            for (int in = 0, out = 0; out < to.length; in += channels, out += 3) {
                int alpha = channels == 4 ? from[in + 3] & 0xFF : 255;
                to[out] = WhiteBackground.under(from[in + 2] & 0xFF, alpha);
                to[out + 1] = WhiteBackground.under(from[in + 1] & 0xFF, alpha);
                to[out + 2] = WhiteBackground.under(from[in] & 0xFF, alpha);
            }
            rgb.put(y * to.length, to);
        }
    }
}
