package io.sparkvlm.preprocessing.image;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.preprocessing.image.bmp.BmpDecoder;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OpenCvDecoder;
import io.sparkvlm.preprocessing.image.gif.GifDecoder;
import io.sparkvlm.preprocessing.image.jpeg.CmykJpegDecoder;
import io.sparkvlm.preprocessing.image.jpeg.JpegColours;
import io.sparkvlm.preprocessing.image.png.PngDecoder;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.nio.ByteBuffer;

/**
 * Turns a checked file into upright RGB, equal to Pillow's after {@code exif_transpose}: alpha lies on white, grey and
 * palettes become colours, a GIF gives its first picture.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public final class ImageDecoder {
    private final OpenCvDecoder openCv;

    /** Loads the native decoders. */
    public ImageDecoder() {
        this.openCv = new OpenCvDecoder();
    }

    /**
     * Decodes one file.
     *
     * @param header what {@link ImageInspector} found in it
     * @param reference named by the rejection when the file is damaged
     * @param buffer native memory that the picture is decoded into
     */
    public Outcome<RgbImage> decode(ImageHeader header, byte[] bytes, MediaReference reference, ByteBuffer buffer) {
        ByteBuffer pixels = buffer.slice(0, header.rgbBytes());
        try {
            switch (header.format()) {
                case JPEG -> decodeJpeg(header, bytes, pixels);
                case PNG -> pixels.put(0, PngDecoder.decode(bytes));
                case WEBP -> openCv.decodeWebp(header, bytes, pixels);
                case GIF -> pixels.put(0, GifDecoder.decode(bytes));
                case BMP -> pixels.put(0, BmpDecoder.decode(bytes));
            }
        } catch (DamagedImageException e) {
            return reference.rejected(MediaFault.PARSE_ERROR, e.getMessage());
        }
        header.orientation().turnUpright(header.storedWidth(), header.storedHeight(), pixels);
        return Outcome.ok(new RgbImage(header.width(), header.height(), pixels));
    }

    private void decodeJpeg(ImageHeader header, byte[] bytes, ByteBuffer pixels) throws DamagedImageException {
        JpegColours colours = JpegColours.of(bytes);
        switch (colours) {
            case GREY_OR_RGB -> openCv.decodeJpeg(header, bytes, pixels);
            case CMYK, YCCK -> pixels.put(0, CmykJpegDecoder.decode(header, bytes, colours));
        }
    }
}
