package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Turns a JPEG of four components into interleaved RGB with the JDK's own decoder, which hands out the inks themselves:
 * OpenCV's conversion is off by 2 from Pillow's.
 */
final class CmykJpegDecoder {
    private static final int COMPONENTS = 4;

    private CmykJpegDecoder() {}

    /** RGB as it is stored, not yet upright. */
    static byte[] decode(ImageHeader header, byte[] bytes, JpegColours colours) throws DamagedImageException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            Raster inks = reader.readRaster(0, reader.getDefaultReadParam()); // [height, width, 4]
            return rgb(inks, header, colours);
        } catch (IOException | RuntimeException e) {
            // The JDK's reader throws either at a file that it does not understand.
            throw new DamagedImageException("the CMYK JPEG could not be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    private static byte[] rgb(Raster inks, ImageHeader header, JpegColours colours) throws DamagedImageException {
        int width = header.storedWidth();
        int height = header.storedHeight();
        if (inks.getWidth() != width || inks.getHeight() != height || inks.getNumBands() != COMPONENTS) {
            throw new DamagedImageException("expected " + width + " x " + height + " pixels of four inks, found "
                    + inks.getWidth() + " x " + inks.getHeight() + " of " + inks.getNumBands());
        }
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[COMPONENTS * width];
        int to = 0;
        for (int y = 0; y < height; y++) {
            inks.getPixels(0, y, width, 1, row);
            if (colours == JpegColours.YCCK) {
                toCmyk(row);
            }
            for (int from = 0; from < row.length; from += COMPONENTS) {
                int light = row[from + 3]; // Adobe stores what is not inked
                for (int ink = 0; ink < 3; ink++) {
                    // Convert.c, cmyk2rgb, with MULDIV255
                    int product = (255 - row[from + ink]) * light + 128;
                    rgb[to++] = (byte) (light - (((product >> 8) + product) >> 8));
                }
            }
        }
        return rgb;
    }

    /** Converts a row in place, with libjpeg's 16-bit fractions (jdcolor.c, ycck_cmyk_convert). */
    private static void toCmyk(int[] row) {
        for (int at = 0; at < row.length; at += COMPONENTS) {
            int luminance = row[at];
            int blueness = row[at + 1] - 128;
            int redness = row[at + 2] - 128;
            row[at] = inverted(luminance + ((91881 * redness + 32768) >> 16)); // 1.40200
            row[at + 1] = inverted(luminance + ((-22554 * blueness - 46802 * redness + 32768) >> 16)); // .34414, .71414
            row[at + 2] = inverted(luminance + ((116130 * blueness + 32768) >> 16)); // 1.77200
        }
    }

    private static int inverted(int light) {
        return 255 - Math.max(0, Math.min(255, light));
    }
}
