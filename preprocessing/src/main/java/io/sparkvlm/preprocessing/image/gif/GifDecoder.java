package io.sparkvlm.preprocessing.image.gif;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;
import io.sparkvlm.preprocessing.image.gif.GifFile.Frame;
import java.util.Arrays;

/** Turns a GIF's first picture into interleaved RGB of the whole canvas, what is transparent on white. */
final class GifDecoder {
    /** Where each pass of an interlaced picture starts, and how many rows it advances (GIF89a, appendix E). */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private GifDecoder() {}

    static byte[] decode(byte[] bytes) throws DamagedImageException {
        GifFile file = GifFile.read(bytes);
        Frame frame = file.frame();
        byte[] indices = new GifLzw(bytes, file).indices(Math.multiplyExact(frame.width(), frame.height()));
        int[] colours = file.palette().clone();
        file.transparentIndex().ifPresent(index -> colours[index] = WhiteBackground.WHITE);
        int canvasWidth = file.header().width();
        int canvasHeight = file.header().height();
        byte[] rgb = new byte[3 * canvasWidth * canvasHeight];
        if (frame.width() < canvasWidth || frame.height() < canvasHeight) {
            // Around the frame Pillow has the transparent index, or index 0 where there is none.
            fill(rgb, colours[file.transparentIndex().orElse(0)]);
        }
        int[] rows = frame.interlaced() ? interlacedRows(frame.height()) : rowsInOrder(frame.height());
        for (int stored = 0; stored < rows.length; stored++) {
            int from = stored * frame.width();
            int to = 3 * ((frame.top() + rows[stored]) * canvasWidth + frame.left());
            for (int x = 0; x < frame.width(); x++, to += 3) {
                Palette.write(colours[indices[from + x] & 0xFF], rgb, to);
            }
        }
        return rgb;
    }

    private static void fill(byte[] rgb, int colour) {
        for (int at = 0; at < rgb.length; at += 3) {
            Palette.write(colour, rgb, at);
        }
    }

    private static int[] rowsInOrder(int height) {
        int[] rows = new int[height];
        Arrays.setAll(rows, row -> row);
        return rows;
    }

    private static int[] interlacedRows(int height) {
        int[] rows = new int[height];
        int stored = 0;
        for (int[] pass : PASSES) {
            for (int row = pass[0]; row < height; row += pass[1]) {
                rows[stored++] = row;
            }
        }
        return rows;
    }
}
