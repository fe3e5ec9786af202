package io.sparkvlm.preprocessing.image.bmp;

import io.sparkvlm.preprocessing.image.bmp.BmpFile.Compression;
import io.sparkvlm.preprocessing.image.format.ByteReader;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.Palette;

/** Turns a BMP's pixels into interleaved RGB. */
final class BmpDecoder {
    private BmpDecoder() {}

    static byte[] decode(byte[] bytes) throws DamagedImageException {
        BmpFile file = BmpFile.read(bytes);
        boolean runLengths = file.compression() == Compression.RLE4 || file.compression() == Compression.RLE8;
        return runLengths ? decodeRuns(bytes, file) : decodeRows(bytes, file);
    }

    private static byte[] decodeRows(byte[] bytes, BmpFile file) throws DamagedImageException {
        int width = file.header().width();
        int height = file.header().height();
        int bits = file.pixelBits();
        long rowBytes = ((long) width * bits + 7) / 8;
        long strideBytes = file.strideBytes();
        if (rowBytes > strideBytes) {
            throw new DamagedImageException("expected BMP rows of at least " + rowBytes
                    + " bytes, as a palette of greys means a byte a pixel, found " + strideBytes);
        }
        ByteReader reader = new ByteReader(bytes);
        reader.moveTo(file.dataStart(), "the start of the BMP's pixels");
        int start = reader.skip(strideBytes * (height - 1) + rowBytes, "BMP pixels");
        byte[] rgb = new byte[3 * width * height];
        for (int row = 0; row < height; row++) {
            int from = start + (int) (strideBytes * row);
            int to = 3 * width * (file.topDown() ? row : height - 1 - row);
            for (int x = 0; x < width; x++, to += 3) {
                int colour = bits <= 8
                        ? file.palette()[index(bytes, from, x, bits)]
                        : file.masks().colour(pixel(bytes, from + x * (bits / 8), bits / 8));
                Palette.write(colour, rgb, to);
            }
        }
        return rgb;
    }

    /** The x-th index of a row, the first in a byte's highest bits. */
    private static int index(byte[] bytes, int row, int x, int bits) {
        int bit = x * bits;
        int shift = 8 - bits - bit % 8;
        return (bytes[row + bit / 8] >> shift) & ((1 << bits) - 1);
    }

    private static int pixel(byte[] bytes, int at, int pixelBytes) {
        int pixel = 0;
        for (int i = 0; i < pixelBytes; i++) {
            pixel |= (bytes[at + i] & 0xFF) << (8 * i);
        }
        return pixel;
    }

    private static byte[] decodeRuns(byte[] bytes, BmpFile file) throws DamagedImageException {
        int width = file.header().width();
        int height = file.header().height();
        byte[] indices = new BmpRuns(bytes, file).indices();
        byte[] rgb = new byte[3 * width * height];
        for (int row = 0; row < height; row++) {
            int from = width * row;
            int to = 3 * width * (file.topDown() ? row : height - 1 - row);
            for (int x = 0; x < width; x++, to += 3) {
                Palette.write(file.palette()[indices[from + x] & 0xFF], rgb, to);
            }
        }
        return rgb;
    }
}
