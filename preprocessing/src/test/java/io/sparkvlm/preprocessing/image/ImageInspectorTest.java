package io.sparkvlm.preprocessing.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageInspectorTest {
    private static final ImageInspector INSPECTOR = new ImageInspector(MediaLimits.DEFAULT);

    @Test
    void refusesAPngWhoseChunkClaimsTwoGigabytes() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(pngStart(10, 10, 8, 2));
        png.writeBytes(ByteBuffer.allocate(28)
                .putInt(Integer.MAX_VALUE)
                .put("PLTE".getBytes(StandardCharsets.US_ASCII))
                .array());

        Rejection rejection = refused(png.toByteArray());

        assertThat(png.size()).isEqualTo(61);
        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_PARSE_ERROR);
        assertThat(rejection.message()).contains("2147483647");
    }

    @Test
    void refusesMorePixelsThanTheLimitWithoutDecodingThem() {
        Rejection rejection = refused(bmp(13_377, 13_379));

        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_TOO_LARGE);
        assertThat(rejection.message()).contains("178956970").contains("13377 x 13379");
    }

    @Test
    void refusesAPngThatPromisesMorePixelsThanItsDataCanHold() throws IOException {
        byte[] png = png(12_000, 12_000, 8, 2, deflated(new byte[1000]));

        Rejection rejection = refused(png);

        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_PARSE_ERROR);
        assertThat(rejection.message()).contains("12000 x 12000");
    }

    @Test
    void refusesAPngOfMoreTextsThanAreWorthUnpacking() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("XML:com.adobe.xmp\0\0".getBytes(StandardCharsets.US_ASCII));
        text.writeBytes(deflated(new byte[1 << 20]));
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(pngStart(8, 8, 8, 2));
        for (int i = 0; i < 65; i++) {
            png.writeBytes(chunk("zTXt", text.toByteArray()));
        }
        png.writeBytes(chunk("IDAT", deflated(new byte[8 * 25])));
        png.writeBytes(chunk("IEND", new byte[0]));

        assertThat(refused(png.toByteArray()).message()).contains("at most 64 PNG texts");
    }

    @Test
    void refusesShapesLongerThanTwoHundredToOne() {
        assertThat(refused(bmp(2010, 10)).code()).isEqualTo(MediaCode.INVALID_IMAGE_ASPECT_RATIO);
        assertThat(refused(bmp(10, 2001)).code()).isEqualTo(MediaCode.INVALID_IMAGE_ASPECT_RATIO);
        assertThat(INSPECTOR.inspect(new FetchedFile(bmp(2000, 10), "ref"), Pictures.REFERENCE))
                .isInstanceOf(Outcome.Ok.class);
    }

    @Test
    void refusesEmptyFiles() {
        assertThat(refused(new byte[0]).code()).isEqualTo(MediaCode.EMPTY_IMAGE_FILE);
    }

    @ParameterizedTest
    @CsvSource({
        "TIFF, 49492A0008000000",
        "TIFF, 4D4D002A00000008",
        "AVIF, 0000001C667479706176696600000000",
        "HEIC, 00000018667479706865696300000000",
        "MP4, 00000018667479706D70343200000000",
        "PDF, 255044462D312E37",
        "SVG, 3C73766720786D6C6E733D22",
        "SVG, EFBBBF3C3F786D6C20763F3E0A3C7376673E",
        "HTML, 3C21444F43545950452068746D6C3E",
        "JSON, 7B226572726F72223A317D",
        "git lfs pull, 76657273696F6E2068747470733A2F2F6769742D6C66732E6769746875622E636F6D2F737065632F7631",
        "JPEG XL, FF0A0000",
        "JPEG 2000, 0000000C6A5020200D0A870A",
        "ICO, 0000010001001010",
        "AVI, 524946460000000041564920",
        "RIFF, 524946460000000057415645",
        "WebM, 1A45DFA301000000",
        "ZIP, 504B030414000000",
        "PNM, 50360A3120310A3235350A000000",
        "unknown, 0102030405060708"
    })
    void namesTheTypeThatItDoesNotRead(String name, String hexadecimal) {
        Rejection rejection = refused(HexFormat.of().parseHex(hexadecimal));

        assertThat(rejection.code()).isEqualTo(MediaCode.UNSUPPORTED_IMAGE_MEDIA_TYPE);
        assertThat(rejection.message()).contains(name);
    }

    @Test
    void refusesAFlippedByteInAPngsHeader() throws IOException {
        byte[] png = Pictures.read("images/rgba.png");
        png[20] ^= 1;

        Rejection rejection = refused(png);

        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_PARSE_ERROR);
        assertThat(rejection.message()).contains("checksum");
    }

    @Test
    void refusesAJpegOfMoreScansThanAnyEncoderWrites() throws IOException {
        byte[] jpeg = Pictures.read("images/progressive.jpg");
        int lastScan = lastScan(jpeg);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, lastScan);
        for (int i = 0; i < 200; i++) {
            many.write(jpeg, lastScan, jpeg.length - 2 - lastScan);
        }
        many.write(jpeg, jpeg.length - 2, 2);

        assertThat(refused(many.toByteArray()).message()).contains("scans");
    }

    @Test
    void refusesAJpegOfOtherThanEightBitsASample() throws IOException {
        byte[] jpeg = Pictures.read("images/plain.jpg");
        int frame = 0;
        while (jpeg[frame] != (byte) 0xFF || jpeg[frame + 1] != (byte) 0xC0) {
            frame++;
        }
        jpeg[frame + 4] = 7;

        assertThat(refused(jpeg).message()).contains("8 bits a sample", "found 7");
    }

    @Test
    void checksAgainWhatCrossedAnExchange() throws IOException {
        byte[] bytes = Pictures.read("images/exif-6.jpg");
        EncodedImage before = taken(bytes);

        EncodedImage after = taken(Arrays.copyOf(before.bytes(), bytes.length));

        assertThat(after.header()).isEqualTo(before.header());
        assertThat(after.header().orientation().swapsAxes()).isTrue();
    }

    private static EncodedImage taken(byte[] bytes) {
        return INSPECTOR
                .inspect(new FetchedFile(bytes, "ref"), Pictures.REFERENCE)
                .fold(image -> image, rejection -> {
                    throw new AssertionError(rejection.message());
                });
    }

    private static Rejection refused(byte[] bytes) {
        return INSPECTOR
                .inspect(new FetchedFile(bytes, "ref"), Pictures.REFERENCE)
                .fold(
                        image -> {
                            throw new AssertionError("taken: " + image.header());
                        },
                        rejection -> rejection);
    }

    private static int lastScan(byte[] jpeg) {
        for (int at = jpeg.length - 4; ; at--) {
            if (jpeg[at] == (byte) 0xFF && jpeg[at + 1] == (byte) 0xDA) {
                return at;
            }
        }
    }

    /** A header alone; its pixels are missed only when they are decoded. */
    private static byte[] bmp(int width, int height) {
        return ByteBuffer.allocate(54)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'B')
                .put((byte) 'M')
                .putInt(54)
                .putInt(0)
                .putInt(54)
                .putInt(40)
                .putInt(width)
                .putInt(height)
                .putShort((short) 1)
                .putShort((short) 24)
                .array();
    }

    private static byte[] png(int width, int height, int depth, int colour, byte[] data) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(pngStart(width, height, depth, colour));
        png.writeBytes(chunk("IDAT", data));
        png.writeBytes(chunk("IEND", new byte[0]));
        return png.toByteArray();
    }

    private static byte[] pngStart(int width, int height, int depth, int colour) {
        byte[] signature = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) depth)
                .put((byte) colour)
                .array();
        return ByteBuffer.allocate(33).put(signature).put(chunk("IHDR", header)).array();
    }

    private static byte[] chunk(String name, byte[] data) {
        byte[] named = ByteBuffer.allocate(4 + data.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 checksum = new CRC32();
        checksum.update(named);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(named)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        byte[] buffer = new byte[data.length + 100];
        int length = deflater.deflate(buffer);
        deflater.end();
        return Arrays.copyOf(buffer, length);
    }
}
