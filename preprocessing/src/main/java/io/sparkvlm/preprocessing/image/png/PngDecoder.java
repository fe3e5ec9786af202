package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.png.PngFile.Span;
import java.util.Iterator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Turns a PNG's image data into interleaved RGB.
 *
 * <p>Java, and not OpenCV: only so are 16-bit grey, grey with alpha and transparent colours equal to Pillow's, and does
 * no native code allocate what a chunk claims. One thread a picture.
 */
final class PngDecoder {
    /** Where each pass of Adam7 starts and how far it advances: x, y, along x, along y (PNG specification, 8.2). */
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final byte[] bytes;
    private final Inflater inflater;
    private final Iterator<Span> imageData;
    private final int height;

    private PngDecoder(byte[] bytes, PngFile file, Inflater inflater) {
        this.bytes = bytes;
        this.inflater = inflater;
        this.imageData = file.imageData().iterator();
        this.height = file.header().storedHeight();
    }

    static byte[] decode(byte[] bytes) throws DamagedImageException {
        PngFile file = PngFile.read(bytes);
        Inflater inflater = new Inflater();
        try {
            return new PngDecoder(bytes, file, inflater).decode(file);
        } finally {
            inflater.end();
        }
    }

    private byte[] decode(PngFile file) throws DamagedImageException {
        int width = file.header().storedWidth();
        PngPixels pixels = PngPixels.of(bytes, file);
        int pixelBits = file.colour().channels() * file.bitDepth();
        int pixelBytes = Math.max(1, pixelBits / 8);
        byte[] rgb = new byte[3 * width * height];
        for (int[] pass : file.interlaced() ? ADAM7 : ONE_PASS) {
            int columns = (width - pass[0] + pass[2] - 1) / pass[2];
            if (columns < 1) {
                continue;
            }
            int rowBytes = (int) (((long) columns * pixelBits + 7) / 8);
            // The filter's byte lies before the row and is cleared once it was read: filters look pixelBytes to the
            // left, where the first pixel finds zeros.
            byte[] row = new byte[pixelBytes + rowBytes];
            byte[] above = new byte[pixelBytes + rowBytes];
            for (int y = pass[1]; y < height; y += pass[3]) {
                fill(row, pixelBytes - 1, y);
                int filter = row[pixelBytes - 1];
                row[pixelBytes - 1] = 0;
                PngFilter.of(filter).undo(row, above, pixelBytes);
                pixels.write(row, pixelBytes, columns, rgb, 3 * (y * width + pass[0]), 3 * pass[2]);
                byte[] free = above;
                above = row;
                row = free;
            }
        }
        return rgb;
    }

    /** Inflates into the row from this index to its end. */
    private void fill(byte[] row, int from, int y) throws DamagedImageException {
        int at = from;
        try {
            while (at < row.length) {
                int count = inflater.inflate(row, at, row.length - at);
                at += count;
                if (count == 0) {
                    if (inflater.finished() || inflater.needsDictionary() || !imageData.hasNext()) {
                        throw new DamagedImageException(
                                "expected " + height + " rows of image data in the PNG, found their end in row " + y);
                    }
                    Span next = imageData.next();
                    inflater.setInput(bytes, next.start(), next.length());
                }
            }
        } catch (DataFormatException e) {
            throw new DamagedImageException("the PNG's image data are damaged in row " + y, e);
        }
    }
}
