package io.sparkvlm.it;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Pictures and films that something is wrong with, made a box or a chunk at a time. */
final class BadMedia {
    private static final byte[] NOISE = "these bytes are noise".getBytes(StandardCharsets.US_ASCII);
    private static final Path INK_JPEG = Path.of("../../preprocessing/src/test/resources/images/cmyk-420.jpg");
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    private BadMedia() {}

    /** Writes them under the names that {@code resources/contract/errors.txt} has for them. */
    static void write(Path folder) throws IOException {
        Files.write(folder.resolve("empty.png"), new byte[0]);
        Files.writeString(folder.resolve("text.png"), "neither a picture nor a film");
        Files.write(folder.resolve("long.png"), new byte[200_001]);
        Files.write(folder.resolve("long.mov"), new byte[40_000_001]);
        Files.write(folder.resolve("noise.png"), png(64, 64));
        Files.write(folder.resolve("strip.png"), png(1, 300));
        Files.write(folder.resolve("large.gif"), gif(20_000));
        List<byte[]> frames = Collections.nCopies(2, jpeg(WIDTH, HEIGHT));
        Files.write(folder.resolve("large-ink.jpg"), inkJpeg(13_377));
        byte[] film = mov("vide", WIDTH, HEIGHT, frames);
        Files.write(folder.resolve("cut.mov"), Arrays.copyOf(film, film.length / 2));
        Files.write(folder.resolve("strip.mov"), mov("vide", 4000, 10, frames));
        Files.write(folder.resolve("large.mov"), mov("vide", 65_535, 65_535, frames));
        Files.write(folder.resolve("sound.mov"), mov("soun", WIDTH, HEIGHT, frames));
        Files.write(folder.resolve("no-frames.mov"), mov("vide", WIDTH, HEIGHT, List.of()));
        Files.write(folder.resolve("tedious.mov"), mov("vide", 4000, 3000, Collections.nCopies(100, jpeg(4000, 3000))));
    }

    /** Only decoding it shows that its pixels are noise. */
    static byte[] png(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(HexFormat.of().parseHex("0802000000"));
        return joined(
                HexFormat.of().parseHex("89504e470d0a1a0a"),
                chunk("IHDR", header.array()),
                chunk("IDAT", NOISE),
                chunk("IEND", new byte[0]));
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] named = joined(ascii(type), data);
        CRC32 crc = new CRC32();
        crc.update(named);
        return joined(ints(data.length), named, ints((int) crc.getValue()));
    }

    /** Of four inks in several scans and within the limit of pixels, but too large for a decoder's memory. */
    private static byte[] inkJpeg(int side) throws IOException {
        byte[] jpeg = Files.readAllBytes(INK_JPEG);
        int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00FF\u00C2");
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) side).putShort(frame + 7, (short) side);
        jpeg[frame + 11] = 0x11; // the first ink is stored as coarsely as the others: none is the smaller for it
        return jpeg;
    }

    /** One pixel on a large canvas. */
    private static byte[] gif(int side) {
        byte[] sides = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) side)
                .putShort((short) side)
                .array();
        HexFormat hex = HexFormat.of();
        return joined(ascii("GIF89a"), sides, hex.parseHex("800000000000ffffff2c00000000010001000002024401003b"));
    }

    /** A film of frames of one length, whatever is said of their size. */
    private static byte[] mov(String handler, int width, int height, List<byte[]> frames) {
        int count = frames.size();
        byte[] ftyp = box("ftyp", ascii("qt  \0\0\0\0"));
        byte[] mdat = box("mdat", frames.toArray(byte[][]::new));
        ByteBuffer entry = ByteBuffer.allocate(86).putInt(86).put(ascii("jpeg"));
        entry.putShort(14, (short) 1).putShort(32, (short) width).putShort(34, (short) height);
        entry.putInt(36, 72 << 16)
                .putInt(40, 72 << 16)
                .putShort(48, (short) 1)
                .putShort(82, (short) 24)
                .putShort(84, (short) -1);
        byte[] stbl = box(
                "stbl",
                box("stsd", ints(0, 1), entry.array()),
                box("stts", ints(0, 1, count, 1)),
                box("stsc", ints(0, 1, 1, count, 1)),
                box("stsz", ints(0, (mdat.length - 8) / Math.max(1, count), count)),
                box("stco", ints(0, 1, ftyp.length + 8)));
        byte[] minf = box("minf", box("vmhd", ints(1, 0, 0)), stbl);
        byte[] mdia = box(
                "mdia",
                box("mdhd", ints(0, 0, 0, 25, count, 0)),
                box("hdlr", ints(0, 0), ascii(handler), ints(0, 0, 0)),
                minf);
        byte[] tkhd = box(
                "tkhd",
                ints(
                        1,
                        0,
                        0,
                        1,
                        0,
                        count,
                        0,
                        0,
                        0,
                        0,
                        1 << 16,
                        0,
                        0,
                        0,
                        1 << 16,
                        0,
                        0,
                        0,
                        1 << 30,
                        width << 16,
                        height << 16));
        byte[] mvhd = box(
                "mvhd",
                ints(
                        0, 0, 0, 25, count, 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30, 0, 0, 0, 0,
                        0, 0, 2));
        return joined(ftyp, mdat, box("moov", mvhd, box("trak", tkhd, mdia)));
    }

    private static byte[] jpeg(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static byte[] box(String name, byte[]... contents) {
        byte[] content = joined(contents);
        return joined(ints(8 + content.length), ascii(name), content);
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        Arrays.stream(values).forEach(bytes::putInt);
        return bytes.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
