package io.sparkvlm.preprocessing.media;

import io.sparkvlm.api.Outcome;

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
     * @param reference whose fault it is when the file is damaged
     */
    public Outcome<RgbImage> decode(EncodedImage image, MediaReference reference) {
        ImageHeader header = image.header();
        byte[] stored;
        try {
            stored = switch (header.format()) {
                case JPEG -> jpeg(image);
                case PNG -> PngDecoder.decode(image.bytes());
                case WEBP -> openCv.decodeWebp(image);
                case GIF -> GifDecoder.decode(image.bytes());
                case BMP -> BmpDecoder.decode(image.bytes());
            };
        } catch (DamagedImageException e) {
            return reference.rejected(MediaFault.PARSE_ERROR, e.getMessage());
        }
        return Outcome.ok(header.orientation().upright(header.storedWidth(), header.storedHeight(), stored));
    }

    private byte[] jpeg(EncodedImage image) throws DamagedImageException {
        JpegColours colours = JpegColours.of(image.bytes());
        return switch (colours) {
            case LIGHT -> openCv.decodeJpeg(image);
            case CMYK, YCCK -> InkJpegDecoder.decode(image, colours);
        };
    }
}
