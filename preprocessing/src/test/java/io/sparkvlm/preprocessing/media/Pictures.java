package io.sparkvlm.preprocessing.media;

import io.sparkvlm.api.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The pictures under src/test/resources, and what Pillow makes of them. */
public final class Pictures {
    public static final MediaReference REFERENCE =
            new MediaReference("picture", MediaKind.IMAGE, "messages[0].content[0].image_url.url");

    private Pictures() {}

    /** A line of expected.tsv, which make_images.py wrote. */
    record Expected(String name, int width, int height, String sha256) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Expected> expected() throws IOException {
        return new String(read("images/expected.tsv"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t", -1))
                .map(field -> new Expected(field[0], Integer.parseInt(field[1]), Integer.parseInt(field[2]), field[3]))
                .toList();
    }

    /** Decodes here, into memory that the collector frees. */
    public static Outcome<RgbImage> decode(ImageDecoder decoder, EncodedImage image) {
        ByteBuffer room = ByteBuffer.allocateDirect(image.header().rgbBytes());
        return decoder.decode(image.header(), image.bytes(), REFERENCE, room);
    }

    public static byte[] read(String name) throws IOException {
        try (InputStream in = Pictures.class.getClassLoader().getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
