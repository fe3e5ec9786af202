package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageHeader;
import io.sparkvlm.preprocessing.media.DecoderMemoryException;
import java.awt.Rectangle;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Turns a JPEG of four components into interleaved RGB with the JDK's own decoder, which hands out the inks themselves:
 * OpenCV's conversion is off by 2 from Pillow's.
 */
final class CmykJpegDecoder {
    private static final int COMPONENTS = 4;
    /** Of inks held at once, on the heap of a decoder; a larger picture is decoded again for each such part of it. */
    private static final int PART_BYTES = 256 << 20;
    /** libjpeg's words, JERR_OUT_OF_MEMORY. */
    private static final String OUT_OF_MEMORY = "Insufficient memory";

    private CmykJpegDecoder() {}

    /** Writes RGB as it is stored, not yet upright. */
    static void decode(ImageHeader header, byte[] bytes, JpegColours colours, ByteBuffer rgb)
            throws DamagedImageException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, false, true);
            requireSize(reader.getWidth(0), reader.getHeight(0), header);
            int rows = Math.max(1, PART_BYTES / (COMPONENTS * header.storedWidth()));
            for (int y = 0; y < header.storedHeight(); y += rows) {
                ImageReadParam part = reader.getDefaultReadParam();
                part.setSourceRegion(new Rectangle(0, y, header.storedWidth(), rows));
                Raster inks = reader.readRaster(0, part); // [rows or what is left, width, 4]
                write(inks, y, header, colours, rgb);
            }
        } catch (IOException | RuntimeException e) {
            if (String.valueOf(e.getMessage()).contains(OUT_OF_MEMORY)) {
                throw new DecoderMemoryException(e);
            }
            // The JDK's reader throws either at a file that it does not understand.
            throw new DamagedImageException("the CMYK JPEG could not be decoded", e);
        } finally {
            reader.dispose();
        }
    }

    private static void requireSize(int width, int height, ImageHeader header) throws DamagedImageException {
        if (width != header.storedWidth() || height != header.storedHeight()) {
            throw new DamagedImageException("expected " + header.storedWidth() + " x " + header.storedHeight()
                    + " pixels, found " + width + " x " + height);
        }
    }

    private static void write(Raster inks, int firstRow, ImageHeader header, JpegColours colours, ByteBuffer rgb)
            throws DamagedImageException {
        if (inks.getNumBands() != COMPONENTS) {
            throw new DamagedImageException("expected a JPEG of four inks, found one of " + inks.getNumBands());
        }
        int width = header.storedWidth();
        int[] row = new int[COMPONENTS * width];
        byte[] colour = new byte[3 * width];
        for (int y = 0; y < inks.getHeight(); y++) {
            inks.getPixels(0, y, width, 1, row);
            if (colours == JpegColours.YCCK) {
                toCmyk(row);
            }
            for (int from = 0, to = 0; from < row.length; from += COMPONENTS) {
                int light = row[from + 3]; // Adobe stores what is not inked
                for (int ink = 0; ink < 3; ink++) {
                    // Convert.c, cmyk2rgb, with MULDIV255
                    int product = (255 - row[from + ink]) * light + 128;
                    colour[to++] = (byte) (light - (((product >> 8) + product) >> 8));
                }
            }
            rgb.put((firstRow + y) * colour.length, colour);
        }
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
