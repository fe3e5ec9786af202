package io.sparkvlm.preprocessing.image;

import io.sparkvlm.preprocessing.image.bmp.BmpFormat;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.gif.GifFormat;
import io.sparkvlm.preprocessing.image.jpeg.JpegFormat;
import io.sparkvlm.preprocessing.image.png.PngFormat;
import io.sparkvlm.preprocessing.image.webp.WebpFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The image formats that are read. */
final class ImageFormats {
    private static final List<ImageFormat> ALL =
            List.of(new JpegFormat(), new PngFormat(), new WebpFormat(), new GifFormat(), new BmpFormat());

    private ImageFormats() {}

    /** The format of a file by its first bytes, if it is one that is read; names and labels are not asked. */
    static Optional<ImageFormat> of(byte[] bytes) {
        return ALL.stream().filter(format -> format.matches(bytes)).findFirst();
    }

    /** All of them, as a message lists them. */
    static String names() {
        int last = ALL.size() - 1;
        return ALL.stream().limit(last).map(ImageFormat::name).collect(Collectors.joining(", ")) + " or "
                + ALL.get(last).name();
    }
}
