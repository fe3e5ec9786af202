package io.sparkvlm.preprocessing.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.image.format.DamagedImageException;
import io.sparkvlm.preprocessing.image.format.ImageFormat;
import io.sparkvlm.preprocessing.image.jpeg.JpegColoursReader;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Whatever its bytes, a file passes for a picture or ends in an error. A fuzzer, or a test, brings them. */
public final class PictureFuzz {
    static final MediaLimits SMALL = new MediaLimits(1 << 20, 1 << 16);

    private static final int PNG_SIGNATURE_BYTES = 8;
    /** Length, name and checksum. */
    private static final int PNG_CHUNK_BYTES = 12;

    private static final ImageInspector INSPECTOR = new ImageInspector(SMALL);

    private PictureFuzz() {}

    /** The tests' own pictures of one kind, as {@code .png}. */
    public static List<byte[]> seeds(String suffix) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Pictures.Expected picture : Pictures.expected()) {
            if (picture.name().endsWith(suffix)) {
                seeds.add(Pictures.read("images/" + picture.name()));
            }
        }
        return seeds;
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (!isTaken(bytes)) {
            isTaken(withChecksums(bytes));
        }
    }

    /** Whether the file passed; if not, the error said no more than it may. */
    static boolean isTaken(byte[] bytes) {
        return INSPECTOR
                .inspect(new FetchedFile(bytes, "ref"), Pictures.REFERENCE)
                .fold(PictureFuzz::isDecodedInJava, rejection -> {
                    Messages.assertClean(rejection, new String(bytes, StandardCharsets.ISO_8859_1));
                    return false;
                });
    }

    /** What native code decodes is left out: it would take the tests with it. */
    private static boolean isDecodedInJava(EncodedImage image) {
        try {
            ImageFormat format = ImageFormats.of(image.bytes()).orElseThrow();
            switch (format.name()) {
                case "PNG", "GIF", "BMP" ->
                    format.decode(
                            image.header(),
                            image.bytes(),
                            ByteBuffer.allocate(image.header().rgbBytes()));
                case "JPEG" -> JpegColoursReader.read(image.bytes());
                default -> {}
            }
            return true;
        } catch (DamagedImageException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        }
    }

    /** The same PNG as its author would write it: no fuzzer guesses a checksum. */
    private static byte[] withChecksums(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes.clone());
        long at = PNG_SIGNATURE_BYTES;
        while (at + PNG_CHUNK_BYTES <= bytes.length) {
            long length = Integer.toUnsignedLong(file.getInt((int) at));
            long end = at + PNG_CHUNK_BYTES + length;
            if (end <= bytes.length) {
                CRC32 checksum = new CRC32();
                checksum.update(bytes, (int) at + 4, 4 + (int) length);
                file.putInt((int) end - 4, (int) checksum.getValue());
            }
            at = end;
        }
        return file.array();
    }
}
