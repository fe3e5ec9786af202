package io.sparkvlm.preprocessing.image.format;

import io.sparkvlm.preprocessing.media.Orientation;
import java.util.Objects;

/**
 * What an image file says of itself before it is decoded.
 *
 * @param width of the upright picture, in pixels
 * @param height of the upright picture, in pixels
 * @param orientation how the stored picture is turned to stand upright
 */
public record ImageHeader(int width, int height, Orientation orientation) {
    public ImageHeader {
        Objects.requireNonNull(orientation, "orientation");
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "expected a width and height of at least 1, found " + width + " x " + height);
        }
    }

    /** The header of a picture that is stored with this width and height. */
    public static ImageHeader stored(int width, int height, Orientation orientation) {
        return orientation.swapsAxes()
                ? new ImageHeader(height, width, orientation)
                : new ImageHeader(width, height, orientation);
    }

    /** The number of bytes of the decoded picture. */
    public int rgbBytes() {
        return Math.multiplyExact(3, Math.multiplyExact(width, height));
    }

    public int storedWidth() {
        return orientation.swapsAxes() ? height : width;
    }

    public int storedHeight() {
        return orientation.swapsAxes() ? width : height;
    }
}
