package io.sparkvlm.preprocessing.image.format;

import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.sparkvlm.preprocessing.media.DecoderMemoryException;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes with OpenCV files whose structure was walked before. Its values are Pillow's but for CMYK, which it turns into
 * RGB more coarsely.
 *
 * <p>Thread-safe. Static, because a native library is loaded once for the process.
 */
public final class OpenCvDecoder {
    /** cv::Error::StsNoMem, as it stands in a message. */
    private static final String OUT_OF_MEMORY = "(-4:";

    static {
        NativeLibraries.load(NativeLibrary.OPENCV);
        // The tasks of an executor decode side by side; OpenCV's own threads would only compete with them.
        opencv_core.setNumThreads(1);
    }

    private OpenCvDecoder() {}

    /** Loads the library now, so that the first file need not wait for it. */
    public static void load() {
        // What loads it is the class.
    }

    /** Reads decoded pixels. */
    @FunctionalInterface
    public interface PixelReader {
        /**
         * Takes the picture to where it belongs.
         *
         * @param pixels [height, width, channels], until this returns
         */
        void read(Mat pixels);
    }

    /**
     * Decodes one file. Where OpenCV's pixels fit the buffer they are decoded in place; the reader finds them there or
     * elsewhere.
     *
     * @param flags of cv::imdecode
     * @param buffer native memory of the picture's size
     */
    public static void decode(
            ImageFormat format, ImageHeader header, byte[] bytes, int flags, ByteBuffer buffer, PixelReader reader)
            throws DamagedImageException {
        String name = format.name().toUpperCase(Locale.ROOT);
        try (PointerScope scope = new PointerScope()) {
            Mat file = new Mat(1, bytes.length, CV_8UC1, new BytePointer(bytes));
            Mat target = new Mat(header.storedHeight(), header.storedWidth(), CV_8UC3, new BytePointer(buffer));
            Mat pixels = opencv_imgcodecs.imdecode(file, flags, target); // [height, width, channels]
            if (pixels.empty() || pixels.depth() != CV_8U || !pixels.isContinuous()) {
                throw new DamagedImageException("the " + name + " could not be decoded");
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
            throw new DamagedImageException("the " + name + " could not be decoded", e);
        }
    }
}
