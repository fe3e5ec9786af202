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
        int count = plte.length() / 3;
        if (count > Palette.MAX_COLOURS) {
            throw new DamagedImageException("expected a PNG palette of at most 256 colours, found " + count);
        }
        int[] colours = new int[Palette.MAX_COLOURS];
        for (int i = 0; i < count; i++) {
            int at = plte.start() + 3 * i;
            colours[i] = Palette.colour(bytes[at], bytes[at + 1], bytes[at + 2]);
        }
        Optional<Span> trns = file.transparency();
        if (trns.isPresent()) {
            if (trns.get().length() > colours.length) {
                throw new DamagedImageException("expected at most 256 bytes in the PNG's tRNS chunk, found "
                        + trns.get().length());
            }
            for (int i = 0; i < trns.get().length(); i++) {
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
            int grey = i * 255 / largest;
            colours[i] = grey == transparent ? WhiteBackground.WHITE : grey * 0x010101;
        }
        return colours;
    }

    /**
     * The grey of 8 bits that is transparent; where samples have less, too, and of 16 bits the lower byte, as Pillow takes
     * it. With one bit anything but 0 is white.
     */
    static long transparentGrey(byte[] bytes, PngFile file) throws DamagedImageException {
        long grey = transparentSamples(bytes, file, 1);
        if (grey == NOTHING_TRANSPARENT) {
            return grey;
        }
        return file.bitDepth() == 1 ? (grey == 0 ? 0 : 255) : grey & 0xFF;
    }

    /** The colour of a byte a sample that is transparent: the lower bytes of what the chunk says, at either depth. */
    static long transparentColour(byte[] bytes, PngFile file) throws DamagedImageException {
        long wide = transparentSamples(bytes, file, 3);
        if (wide == NOTHING_TRANSPARENT) {
            return wide;
        }
        return (((wide >> 32) & 0xFF) << 16) | (((wide >> 16) & 0xFF) << 8) | (wide & 0xFF);
    }

    /** The chunk holds two bytes a sample at any depth. */
    private static long transparentSamples(byte[] bytes, PngFile file, int samples) throws DamagedImageException {
        Optional<Span> trns = file.transparency();
        if (trns.isEmpty()) {
            return NOTHING_TRANSPARENT;
        }
        if (trns.get().length() < 2 * samples) {
            throw new DamagedImageException("expected " + 2 * samples + " bytes in the PNG's tRNS chunk, found "
                    + trns.get().length());
        }
        long value = 0;
        for (int i = 0; i < 2 * samples; i++) {
            value = (value << 8) | (bytes[trns.get().start() + i] & 0xFF);
        }
        return value;
    }
}
