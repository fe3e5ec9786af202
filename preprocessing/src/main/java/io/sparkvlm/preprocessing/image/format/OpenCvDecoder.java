package io.sparkvlm.preprocessing.image.format;

import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;

import io.sparkvlm.preprocessing.media.DecoderMemoryException;
import io.sparkvlm.torch.NativeLibraries;
import io.sparkvlm.torch.NativeLibrary;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes JPEG and WebP with OpenCV, whose values are Pillow's but for CMYK, which it turns into RGB more coarsely. The
 * files' structure was walked before.
 *
 * <p>Thread-safe.
 */
public final class OpenCvDecoder {
    /** cv::Error::StsNoMem, as it stands in a message. */
    private static final String OUT_OF_MEMORY = "(-4:";

    public OpenCvDecoder() {
        NativeLibraries.load(NativeLibrary.OPENCV);
        // The tasks of an executor decode side by side; OpenCV's own threads would only compete with them.
        opencv_core.setNumThreads(1);
    }

    /** RGB as it is stored, not yet upright, into native memory of that size. */
    public void decodeJpeg(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        BytePointer buffer = new BytePointer(rgb);
        decode(header, bytes, IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION, buffer, pixels -> {
            if (pixels.data().address() != buffer.address()) {
                Pointer.memcpy(buffer, pixels.data(), rgb.capacity());
            }
        });
    }

    /** RGB as it is stored, alpha on white, not yet upright. */
    public void decodeWebp(ImageHeader header, byte[] bytes, ByteBuffer rgb) throws DamagedImageException {
        decode(header, bytes, IMREAD_UNCHANGED, new BytePointer(rgb), pixels -> rgbOnWhite(pixels, rgb));
    }

    private interface PixelReader {
        void read(Mat pixels);
    }

    /** Where OpenCV's pixels fit the buffer they are decoded in place; the reader finds them there or elsewhere. */
    private static void decode(ImageHeader header, byte[] bytes, int flags, BytePointer buffer, PixelReader reader)
            throws DamagedImageException {
        try (PointerScope scope = new PointerScope()) {
            Mat file = new Mat(1, bytes.length, CV_8UC1, new BytePointer(bytes));
            Mat target = new Mat(header.storedHeight(), header.storedWidth(), CV_8UC3, buffer);
            Mat pixels = opencv_imgcodecs.imdecode(file, flags, target); // [height, width, channels]
            if (pixels.empty() || pixels.depth() != CV_8U || !pixels.isContinuous()) {
                throw new DamagedImageException("the " + header.format() + " could not be decoded");
            }
            if (pixels.cols() != header.storedWidth() || pixels.rows() != header.storedHeight()) {
                throw new DamagedImageException("expected " + header.storedWidth() + " x " + header.storedHeight()
                        + " pixels, found " + pixels.cols() + " x " + pixels.rows());
            }
            reader.read(pixels);
        } catch (RuntimeException e) {
            // JavaCPP turns every C++ exception into this; memory is the machine's fault, all else the file's.
            if (String.valueOf(e.getMessage()).contains(OUT_OF_MEMORY)) {
                throw new DecoderMemoryException(e);
            }
            throw new DamagedImageException("the " + header.format() + " could not be decoded", e);
        }
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
