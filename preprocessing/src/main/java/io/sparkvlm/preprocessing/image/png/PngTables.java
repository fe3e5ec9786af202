package io.sparkvlm.preprocessing.image.png;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.Palette;
import io.sparkvlm.preprocessing.image.format.WhiteBackground;
import io.sparkvlm.preprocessing.image.png.PngFile.Span;
import java.util.Optional;

/** Reads what a PNG's PLTE and tRNS chunks say about its samples. */
final class PngTables {
    /** No row of samples has this value. */
    static final long NOTHING_TRANSPARENT = Long.MIN_VALUE;

    private PngTables() {}

    /** The palette on white. */
    static int[] palette(byte[] bytes, PngFile file) throws DamagedImageException {
        Span plte = file.palette().orElseThrow();
        if (plte.length() % 3 != 0 || plte.length() > 3 * Palette.MAX_COLOURS) {
            throw new DamagedImageException(
                    "expected a PNG palette of 1 to 256 colours, found " + plte.length() + " bytes");
        }
        int[] colours = new int[Palette.MAX_COLOURS];
        for (int i = 0; i < plte.length() / 3; i++) {
            int at = plte.start() + 3 * i;
            colours[i] = Palette.colour(bytes[at], bytes[at + 1], bytes[at + 2]);
        }
        Optional<Span> trns = file.transparency();
        if (trns.isPresent()) {
            for (int i = 0; i < Math.min(trns.get().length(), colours.length); i++) {
                colours[i] = WhiteBackground.under(colours[i], bytes[trns.get().start() + i]);
            }
        }
        return colours;
    }

    /** The colours of grey samples of 1 to 8 bits. */
    static int[] grey(byte[] bytes, PngFile file) throws DamagedImageException {
        int largest = (1 << file.bitDepth()) - 1;
        long transparent = transparentGrey(bytes, file);
        int[] colours = new int[largest + 1];
        for (int i = 0; i <= largest; i++) {
            colours[i] = i == transparent ? WhiteBackground.WHITE : i * 255 / largest * 0x010101;
        }
        return colours;
    }

    static long transparentGrey(byte[] bytes, PngFile file) throws DamagedImageException {
        return transparentSamples(bytes, file, 1, 2);
    }

    static long transparentColour(byte[] bytes, PngFile file) throws DamagedImageException {
        // tRNS holds two bytes a sample at either depth.
        long wide = transparentSamples(bytes, file, 3, 2);
        if (file.bitDepth() == 16 || wide == NOTHING_TRANSPARENT) {
            return wide;
        }
        return (((wide >> 32) & 0xFF) << 16) | (((wide >> 16) & 0xFF) << 8) | (wide & 0xFF);
    }

    private static long transparentSamples(byte[] bytes, PngFile file, int samples, int sampleBytes)
            throws DamagedImageException {
        Optional<Span> trns = file.transparency();
        if (trns.isEmpty()) {
            return NOTHING_TRANSPARENT;
        }
        if (trns.get().length() < samples * sampleBytes) {
            throw new DamagedImageException("expected " + samples * sampleBytes
                    + " bytes in the PNG's tRNS chunk, found " + trns.get().length());
        }
        return samples(bytes, trns.get().start(), samples, sampleBytes);
    }

    /** Neighbouring samples as one big-endian number. */
    static long samples(byte[] bytes, int at, int samples, int sampleBytes) {
        long value = 0;
        for (int i = 0; i < samples * sampleBytes; i++) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }
}
