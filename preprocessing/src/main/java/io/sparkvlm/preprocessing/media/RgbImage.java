package io.sparkvlm.preprocessing.media;

/** An upright picture: interleaved red, green and blue, a byte each, row after row. */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * A picture over these pixels, which are not copied.
     *
     * @param rgb [height, width, 3]
     */
    public RgbImage(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "expected " + width + " x " + height + " pixels of 3 bytes, found " + rgb.length + " bytes");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixels themselves, [height, width, 3]; whoever reads them does not write them. */
    public byte[] rgb() {
        return rgb;
    }
}
