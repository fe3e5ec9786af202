package io.sparkvlm.preprocessing.image;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.image.format.OpenCvDecoder;
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
    /** Loads the native decoders. */
    public ImageDecoder() {
        OpenCvDecoder.load();
    }

    /**
     * Decodes one file.
     *
     * @param header what {@link ImageInspector} found in it
     * @param reference named by the rejection when the file is damaged
     * @param buffer native memory that the picture is decoded into
     */
    public Outcome<RgbImage> decode(ImageHeader header, byte[] bytes, MediaReference reference, ByteBuffer buffer) {
        ImageFormat format = ImageFormats.of(bytes)
                .orElseThrow(() -> new IllegalArgumentException("expected a file that was inspected"));
        ByteBuffer pixels = buffer.slice(0, header.rgbBytes());
        try {
            format.decode(header, bytes, pixels);
        } catch (DamagedImageException e) {
            return reference.rejected(MediaFault.PARSE_ERROR, e.getMessage());
        }
        header.orientation().turnUpright(header.storedWidth(), header.storedHeight(), pixels);
        return Outcome.ok(new RgbImage(header.width(), header.height(), pixels));
    }
}
