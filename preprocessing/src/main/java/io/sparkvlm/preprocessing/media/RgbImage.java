package io.sparkvlm.preprocessing.media;

import java.nio.ByteBuffer;
import java.util.Optional;

/** An upright picture: interleaved red, green and blue, a byte each, row after row. */
public final class RgbImage {
    private final int width;
    private final int height;
    private final ByteBuffer pixels;
    private final Optional<byte[]> array;

    /**
     * A picture over these pixels, which are not copied.
     *
     * @param rgb [height, width, 3]
     */
    public RgbImage(int width, int height, byte[] rgb) {
        this(width, height, ByteBuffer.wrap(rgb), Optional.of(rgb));
    }

    /**
     * A picture over these pixels, which are not copied: it is one for as long as that memory is.
     *
     * @param pixels [height, width, 3], from the buffer's start to its end
     */
    public RgbImage(int width, int height, ByteBuffer pixels) {
        this(width, height, pixels, Optional.empty());
    }

    private RgbImage(int width, int height, ByteBuffer pixels, Optional<byte[]> array) {
        if (width < 1 || height < 1 || pixels.capacity() != 3L * width * height) {
            throw new IllegalArgumentException(
                    "expected " + width + " x " + height + " pixels of 3 bytes, found " + pixels.capacity() + " bytes");
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.array = array;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixels themselves, [height, width, 3]; for reading alone. */
    public ByteBuffer pixels() {
        return pixels;
    }

    /** The pixels in an array, [height, width, 3], for reading alone: a copy where they lie in native memory. */
    public byte[] rgb() {
        return array.orElseGet(() -> {
            byte[] copy = new byte[pixels.capacity()];
            pixels.get(0, copy);
            return copy;
        });
    }
}
