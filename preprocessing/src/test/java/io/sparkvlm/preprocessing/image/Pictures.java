package io.sparkvlm.preprocessing.image;

import io.sparkvlm.api.Sha256;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The pictures under src/test/resources, and what Pillow makes of them. */
public final class Pictures {
    public static final MediaReference REFERENCE =
            new MediaReference("picture", MediaKind.IMAGE, "messages[0].content[0].image_url.url");

    private Pictures() {}

    /** A line of an expected.tsv, which make_images.py or make_damaged.py wrote, of a picture that Pillow decodes. */
    record Expected(String name, int width, int height, String sha256) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Expected> expected() throws IOException {
        return lines("images/expected.tsv")
                .map(field -> new Expected(field[0], Integer.parseInt(field[1]), Integer.parseInt(field[2]), field[3]))
                .toList();
    }

    /** The pictures that lack something, with what Pillow makes of each, if it decodes it. */
    static Map<String, Optional<Expected>> damaged() throws IOException {
        return lines("images/damaged/expected.tsv")
                .collect(Collectors.toMap(
                        field -> field[0],
                        field -> Optional.of(field)
                                .filter(it -> it.length == 4)
                                .map(it ->
                                        new Expected(it[0], Integer.parseInt(it[1]), Integer.parseInt(it[2]), it[3])),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static Stream<String[]> lines(String name) throws IOException {
        return new String(read(name), StandardCharsets.UTF_8).lines().map(line -> line.split("\t", -1));
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
        return Sha256.hex(bytes);
    }

    /** A PNG of 64 x 64 pixels whose chunks are in order, and whose pixels are not what zlib writes. */
    public static byte[] pngOfNoise() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        file.write(chunk("IHDR", new byte[] {0, 0, 0, 64, 0, 0, 0, 64, 8, 2, 0, 0, 0}));
        file.write(chunk("IDAT", "these bytes are noise".getBytes(StandardCharsets.US_ASCII)));
        file.write(chunk("IEND", new byte[0]));
        return file.toByteArray();
    }

    private static byte[] chunk(String type, byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .putInt((int) crc.getValue())
                .array();
    }
}
