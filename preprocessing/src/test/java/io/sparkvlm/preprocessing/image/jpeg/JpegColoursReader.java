package io.sparkvlm.preprocessing.image.jpeg;

import io.sparkvlm.preprocessing.image.format.DamagedImageException;

/** Reads what decides about a JPEG's decoder, for tests that call none. */
public final class JpegColoursReader {
    private JpegColoursReader() {}

    public static void read(byte[] bytes) throws DamagedImageException {
        JpegColours.of(bytes);
    }
}
