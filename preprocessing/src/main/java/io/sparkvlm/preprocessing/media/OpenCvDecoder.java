package io.sparkvlm.preprocessing.media;

import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;

import io.sparkvlm.torch.NativeLibraries;
import io.sparkvlm.torch.NativeLibrary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes JPEG and WebP with OpenCV, whose values are Pillow's but for CMYK, which it turns into RGB more coarsely. The files' structure was walked before.
 *
 * <p>Thread-safe.
 */
final class OpenCvDecoder {
    /** cv::Error::StsNoMem, as it stands in a message. */
    private static final String OUT_OF_MEMORY = "(-4:";

    OpenCvDecoder() {
        NativeLibraries.load(NativeLibrary.OPENCV);
        // The tasks of an executor decode side by side; OpenCV's own threads would only compete with them.
        opencv_core.setNumThreads(1);
    }

    /** RGB as it is stored, not yet upright. */
    byte[] decodeJpeg(EncodedImage image) throws DamagedImageException {
        return decode(image, IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION, OpenCvDecoder::rgb);
    }

    /** RGB as it is stored, alpha on white, not yet upright. */
    byte[] decodeWebp(EncodedImage image) throws DamagedImageException {
        return decode(image, IMREAD_UNCHANGED, OpenCvDecoder::rgbOnWhite);
    }

    private interface PixelReader {
        byte[] read(Mat pixels);
    }

    private static byte[] decode(EncodedImage image, int flags, PixelReader reader) throws DamagedImageException {
        ImageHeader header = image.header();
        try (PointerScope scope = new PointerScope()) {
            byte[] bytes = image.bytes();
            Mat file = new Mat(1, bytes.length, CV_8UC1, new BytePointer(bytes));
            Mat pixels = opencv_imgcodecs.imdecode(file, flags); // [height, width, channels]
            if (pixels.empty() || pixels.depth() != CV_8U || !pixels.isContinuous()) {
                throw new DamagedImageException("the " + header.format() + " could not be decoded");
            }
            if (pixels.cols() != header.storedWidth() || pixels.rows() != header.storedHeight()) {
                throw new DamagedImageException("expected " + header.storedWidth() + " x " + header.storedHeight()
                        + " pixels, found " + pixels.cols() + " x " + pixels.rows());
            }
            return reader.read(pixels);
        } catch (RuntimeException e) {
            // JavaCPP turns every C++ exception into this; memory is the machine's fault, all else the file's.
            if (String.valueOf(e.getMessage()).contains(OUT_OF_MEMORY)) {
                throw e;
            }
            throw new DamagedImageException("the " + header.format() + " could not be decoded", e);
        }
    }

    private static byte[] rgb(Mat pixels) {
        byte[] rgb = new byte[3 * pixels.cols() * pixels.rows()];
        pixels.data().get(rgb);
        return rgb;
    }

    /** From BGR or BGRA. */
    private static byte[] rgbOnWhite(Mat pixels) {
        int channels = pixels.channels();
        byte[] stored = new byte[channels * pixels.cols() * pixels.rows()];
        pixels.data().get(stored);
        byte[] rgb = new byte[3 * pixels.cols() * pixels.rows()];
        for (int from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
            int alpha = channels == 4 ? stored[from + 3] & 0xFF : 255;
            rgb[to] = WhiteBackground.under(stored[from + 2] & 0xFF, alpha);
            rgb[to + 1] = WhiteBackground.under(stored[from + 1] & 0xFF, alpha);
            rgb[to + 2] = WhiteBackground.under(stored[from] & 0xFF, alpha);
        }
        return rgb;
    }
}
