package io.sparkvlm.preprocessing.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;

import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Makes small pictures for a page. They are encoded anew from pixels, so that nothing of a stranger's file goes on but
 * what is seen.
 *
 * <p>Thread-safe.
 */
public final class ThumbnailMaker {
    private final int maxSide;

    /**
     * Loads the native encoders.
     *
     * @param maxSide pixels of a thumbnail's longer side; a smaller picture keeps its size
     */
    public ThumbnailMaker(int maxSide) {
        NativeLibraries.load(NativeLibrary.OPENCV);
        this.maxSide = maxSide;
    }

    /** A PNG or a JPEG, whichever is smaller: drawings stay sharp, photographs stay small. */
    public Thumbnail of(RgbImage image) {
        double scale = Math.min(1, (double) maxSide / Math.max(image.width(), image.height()));
        int width = (int) Math.max(1, Math.round(image.width() * scale));
        int height = (int) Math.max(1, Math.round(image.height() * scale));
        try (PointerScope scope = new PointerScope()) {
            Mat rgb = new Mat(image.height(), image.width(), CV_8UC3, new BytePointer(image.rgb()));
            Mat small = new Mat(); // [height, width, 3], OpenCV's order of colours
            opencv_imgproc.resize(rgb, small, new Size(width, height), 0, 0, INTER_AREA);
            opencv_imgproc.cvtColor(small, small, COLOR_RGB2BGR);
            byte[] png = encoded(".png", small);
            byte[] jpeg = encoded(".jpg", small);
            return png.length <= jpeg.length
                    ? new Thumbnail("image/png", png, width, height)
                    : new Thumbnail("image/jpeg", jpeg, width, height);
        }
    }

    private static byte[] encoded(String ending, Mat pixels) {
        BytePointer file = new BytePointer();
        if (!opencv_imgcodecs.imencode(ending, pixels, file)) {
            throw new IllegalStateException("OpenCV was built without an encoder for " + ending);
        }
        byte[] bytes = new byte[Math.toIntExact(file.limit())];
        file.get(bytes);
        return bytes;
    }
}
