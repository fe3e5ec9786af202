package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;

/**
 * Writes restored rows of a PNG as RGB: alpha on white, a transparent colour as white, 16 bits as Pillow has them (grey
 * is clipped at 255, other colours keep their high byte).
 */
interface PngPixels {
    /**
     * Writes one row.
     *
     * @param row holds the pixels from {@code start} on
     * @param to where the first pixel goes
     * @param step from one pixel to the next in {@code rgb}, in bytes
     */
    void write(byte[] row, int start, int count, byte[] rgb, int to, int step);

    static PngPixels of(byte[] bytes, PngFile file) throws DamagedImageException {
        int depth = file.bitDepth();
        return switch (file.colour()) {
            case PALETTE -> new Indexed(PngTables.palette(bytes, file), depth);
            case GREY ->
                depth == 16
                        ? new Grey16(PngTables.transparentGrey(bytes, file))
                        : new Indexed(PngTables.grey(bytes, file), depth);
            case RGB -> new Rgb(depth / 8, PngTables.transparentColour(bytes, file));
            case GREY_ALPHA -> new GreyAlpha(depth / 8);
            case RGBA -> new Rgba(depth / 8);
        };
    }

    /** Samples of 1 to 8 bits that a table turns into colours. */
    record Indexed(int[] colours, int depth) implements PngPixels {
        @Override
        public void write(byte[] row, int start, int count, byte[] rgb, int to, int step) {
            int mask = (1 << depth) - 1;
            for (int i = 0, at = to; i < count; i++, at += step) {
                int bit = i * depth;
                int sample = (row[start + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
                Palette.write(colours[sample], rgb, at);
            }
        }
    }

    /** Grey of 16 bits. */
    record Grey16(long transparent) implements PngPixels {
        @Override
        public void write(byte[] row, int start, int count, byte[] rgb, int to, int step) {
            for (int i = 0, from = start, at = to; i < count; i++, from += 2, at += step) {
                int sample = ((row[from] & 0xFF) << 8) | (row[from + 1] & 0xFF);
                int grey = Math.min(sample, 255);
                grey = grey == transparent ? 255 : grey;
                Palette.write(grey * 0x010101, rgb, at);
            }
        }
    }

    /** Red, green and blue of 1 or 2 bytes. */
    record Rgb(int sampleBytes, long transparent) implements PngPixels {
        @Override
        public void write(byte[] row, int start, int count, byte[] rgb, int to, int step) {
            if (sampleBytes == 1 && step == 3) {
                System.arraycopy(row, start, rgb, to, 3 * count);
            } else {
                for (int i = 0, from = start, at = to; i < count; i++, from += 3 * sampleBytes, at += step) {
                    rgb[at] = row[from];
                    rgb[at + 1] = row[from + sampleBytes];
                    rgb[at + 2] = row[from + 2 * sampleBytes];
                }
            }
            if (transparent != PngTables.NOTHING_TRANSPARENT) {
                whiten(row, start, count, rgb, to, step);
            }
        }

        private void whiten(byte[] row, int start, int count, byte[] rgb, int to, int step) {
            for (int i = 0, from = start, at = to; i < count; i++, from += 3 * sampleBytes, at += step) {
                if (Palette.colour(row[from], row[from + sampleBytes], row[from + 2 * sampleBytes]) == transparent) {
                    Palette.write(WhiteBackground.WHITE, rgb, at);
                }
            }
        }
    }

    /** Grey and alpha of 1 or 2 bytes. */
    record GreyAlpha(int sampleBytes) implements PngPixels {
        @Override
        public void write(byte[] row, int start, int count, byte[] rgb, int to, int step) {
            for (int i = 0, from = start, at = to; i < count; i++, from += 2 * sampleBytes, at += step) {
                byte grey = WhiteBackground.under(row[from] & 0xFF, row[from + sampleBytes] & 0xFF);
                rgb[at] = grey;
                rgb[at + 1] = grey;
                rgb[at + 2] = grey;
            }
        }
    }

    /** Red, green, blue and alpha of 1 or 2 bytes. */
    record Rgba(int sampleBytes) implements PngPixels {
        @Override
        public void write(byte[] row, int start, int count, byte[] rgb, int to, int step) {
            for (int i = 0, from = start, at = to; i < count; i++, from += 4 * sampleBytes, at += step) {
                int alpha = row[from + 3 * sampleBytes] & 0xFF;
                rgb[at] = WhiteBackground.under(row[from] & 0xFF, alpha);
                rgb[at + 1] = WhiteBackground.under(row[from + sampleBytes] & 0xFF, alpha);
                rgb[at + 2] = WhiteBackground.under(row[from + 2 * sampleBytes] & 0xFF, alpha);
            }
        }
    }
}
