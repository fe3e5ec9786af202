package io.sparkvlm.preprocessing.media;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How a stored picture is turned to stand upright, in the order of EXIF's values 1 to 8.
 *
 * <p>A value says whether rows and columns are swapped, and from which ends they are read.
 */
public enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    LYING_ON_ITS_LEFT(true, false, true),
    TRANSVERSED(true, true, true),
    LYING_ON_ITS_RIGHT(true, true, false);

    private final boolean swapsAxes;
    private final boolean fromRight;
    private final boolean fromBottom;

    Orientation(boolean swapsAxes, boolean fromRight, boolean fromBottom) {
        this.swapsAxes = swapsAxes;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** The orientation of EXIF's tag 0x0112; values it does not define leave the picture as it is, as in Pillow. */
    public static Orientation ofExif(long value) {
        return value >= 1 && value <= 8 ? values()[(int) value - 1] : UPRIGHT;
    }

    /**
     * The orientation that does this and no more.
     *
     * @param swapsAxes whether rows and columns are swapped
     * @param fromRight whether what is stored in a row is read from its right end
     * @param fromBottom whether the stored rows are read from the last
     */
    public static Orientation of(boolean swapsAxes, boolean fromRight, boolean fromBottom) {
        return Arrays.stream(values())
                .filter(orientation -> orientation.swapsAxes == swapsAxes
                        && orientation.fromRight == fromRight
                        && orientation.fromBottom == fromBottom)
                .findFirst()
                .orElseThrow();
    }

    /** Whether the upright picture's width is the stored one's height. */
    public boolean swapsAxes() {
        return swapsAxes;
    }

    /** The upright picture of stored interleaved RGB, in the same array. */
    public RgbImage upright(int storedWidth, int storedHeight, byte[] stored) {
        turnUpright(storedWidth, storedHeight, ByteBuffer.wrap(stored));
        return swapsAxes
                ? new RgbImage(storedHeight, storedWidth, stored)
                : new RgbImage(storedWidth, storedHeight, stored);
    }

    /** Puts the upright picture where the stored one lies: interleaved RGB. */
    public void turnUpright(int storedWidth, int storedHeight, ByteBuffer pixels) {
        if (this == UPRIGHT) {
            return;
        }
        byte[] stored = new byte[3 * storedWidth * storedHeight];
        pixels.get(0, stored);
        int alongStoredX = fromRight ? -3 : 3;
        int alongStoredY = fromBottom ? -3 * storedWidth : 3 * storedWidth;
        int alongX = swapsAxes ? alongStoredY : alongStoredX;
        int alongY = swapsAxes ? alongStoredX : alongStoredY;
        int width = swapsAxes ? storedHeight : storedWidth;
        int height = swapsAxes ? storedWidth : storedHeight;
        int first = 3 * ((fromRight ? storedWidth - 1 : 0) + storedWidth * (fromBottom ? storedHeight - 1 : 0));
        byte[] row = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            int from = first + y * alongY;
            for (int to = 0; to < row.length; to += 3, from += alongX) {
                row[to] = stored[from];
                row[to + 1] = stored[from + 1];
                row[to + 2] = stored[from + 2];
            }
            pixels.put(y * row.length, row);
        }
    }
}
