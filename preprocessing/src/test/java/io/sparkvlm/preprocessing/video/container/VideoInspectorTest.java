package io.sparkvlm.preprocessing.video.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.video.Videos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoInspectorTest {
    private static final VideoInspector INSPECTOR = new VideoInspector(VideoLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "an HLS playlist|#EXTM3U\\n#EXTINF:1,\\nhttp://169.254.169.254/\\n",
                "an FFmpeg concat list|ffconcat version 1.0\\nfile /etc/passwd\\n",
                "FFmpeg metadata|;FFMETADATA1\\ntitle=x\\n",
                "a playlist|[playlist]\\nFile1=/etc/passwd\\n",
                "a session description|v=0\\no=- 0 0 IN IP4 127.0.0.1\\n",
                "a DASH manifest|<?xml version=\"1.0\"?><MPD><BaseURL>file:///etc/</BaseURL></MPD>",
                "a streaming manifest|<SmoothStreamingMedia/>",
                "git lfs pull|version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 5\\n",
                "HTML|<!DOCTYPE html><html>",
                "XML|<?xml version=\"1.0\"?><x/>",
                "JSON|{\"error\":1}",
                "unknown|file '/etc/passwd'\\n",
            })
    void refusesWhatOnlyNamesAVideo(String name, String text) {
        Rejection rejection = refused(text.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8));

        assertThat(rejection.code()).isEqualTo(MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE);
        assertThat(rejection.message()).contains(name).doesNotContain("/etc", "169.254");
    }

    @ParameterizedTest
    @CsvSource({
        "FLV, 464C5601050000000900000000",
        "Ogg, 4F67675300020000",
        "ASF, 3026B2758E66CF11A6D900AA0062CE6C",
        "program stream, 000001BA44000401",
        "H.264, 0000000167640014",
        "HEIC, 00000018667479706865696300000000",
        "RIFF, 524946460000000057415645",
        "JPEG, FFD8FFE000104A46",
        "GIF, 474946383961",
    })
    void namesTheTypeThatItDoesNotRead(String name, String hexadecimal) {
        Rejection rejection = refused(HexFormat.of().parseHex(hexadecimal));

        assertThat(rejection.code()).isEqualTo(MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE);
        assertThat(rejection.message()).contains(name);
    }

    @Test
    void refusesEmptyFilesAndLargeOnes() {
        assertThat(refused(new byte[0]).code()).isEqualTo(MediaCode.EMPTY_VIDEO_FILE);
        assertThat(new VideoInspector(new VideoLimits(100, 1 << 20, 10, VideoLimits.DEFAULT.decodeTime()))
                        .inspect(new FetchedFile(new byte[101], "ref"), Videos.REFERENCE)
                        .<ErrorCode>fold(video -> EngineCode.SERVER_ERROR, Rejection::code))
                .isEqualTo(MediaCode.VIDEO_FILE_TOO_LARGE);
    }

    @Test
    void refusesAFileWithSoundAlone() throws IOException {
        assertThat(refused(replaced("h264.mp4", "vide", "soun")).code()).isEqualTo(MediaCode.VIDEO_NO_STREAM);
        assertThat(refused(replaced("mpeg4.avi", "vids", "auds")).code()).isEqualTo(MediaCode.VIDEO_NO_STREAM);
    }

    @Test
    void refusesAFileWithoutFrames() {
        byte[] mp4 = mp4(28, 28, 0, 1, box("stts", 0, 0));

        assertThat(refused(mp4).code()).isEqualTo(MediaCode.VIDEO_NO_FRAMES);
    }

    @Test
    void takesTheSmallestFileThatSaysEverything() {
        assertThat(INSPECTOR.inspect(
                        new FetchedFile(mp4(28, 28, 2, 1, box("stts", 0, 1, 2, 1)), "ref"), Videos.REFERENCE))
                .isInstanceOf(Outcome.Ok.class);
    }

    @Test
    void refusesHugeFramesAndLongShapes() {
        assertThat(refused(mp4(65_535, 65_535, 2, 1, box("stts", 0, 0))).code()).isEqualTo(MediaCode.VIDEO_TOO_LARGE);
        assertThat(refused(mp4(0, 28, 2, 1, box("stts", 0, 0))).code()).isEqualTo(MediaCode.VIDEO_PARSE_ERROR);
        assertThat(refused(mp4(4000, 10, 2, 1, box("stts", 0, 0))).code())
                .isEqualTo(MediaCode.INVALID_VIDEO_ASPECT_RATIO);
    }

    @Test
    void refusesFewBytesThatMakeALongIndex() {
        // 2^31 frames of no time, an index of 2^30 samples, 2^20 samples repeated by 2^10 edits.
        assertThat(refused(mp4(28, 28, 2, 1, box("stts", 0, 1, Integer.MAX_VALUE, 1)))
                        .message())
                .contains("2147483647");
        assertThat(refused(mp4(28, 28, 1 << 30, 1, box("stts", 0, 0))).code()).isIn(MediaCode.VIDEO_PARSE_ERROR);
        assertThat(refused(mp4(28, 28, 1 << 20, 1, edits(1 << 10))).message()).contains("index");
    }

    @Test
    void refusesATableThatSaysMoreThanItHolds() {
        assertThat(refused(mp4(28, 28, 2, 1, box("stco", 0, 1_000_000))).message())
                .contains("stco");
        assertThat(refused(mp4(28, 28, 2, 0, box("stts", 0, 0))).message()).contains("stsz");
    }

    @Test
    void refusesBoxesThatAreTooDeep() {
        byte[] inner = box("trak");
        for (int i = 0; i < 20; i++) {
            inner = box("trak", inner);
        }

        assertThat(refused(box("moov", inner)).message()).contains("deep");
    }

    @Test
    void refusesACompressedHeader() {
        assertThat(refused(box("moov", box("cmov", new byte[8]))).message()).contains("compressed");
    }

    @Test
    void refusesALengthThatLeavesTheFile() throws IOException {
        for (String name : new String[] {"h264.mp4", "vp9.webm", "mpeg4.avi", "h264-fragmented.mp4"}) {
            byte[] whole = Videos.read(name);

            assertThat(refused(Arrays.copyOf(whole, whole.length - 20)).code())
                    .as(name)
                    .isEqualTo(MediaCode.VIDEO_PARSE_ERROR);
        }
    }

    @Test
    void refusesEncryptedVideos() throws IOException {
        byte[] tracks = {0x6D, (byte) 0x80, (byte) 0x86, 0x62, 0x40, (byte) 0x83, 0x50, 0x35, (byte) 0x80};
        byte[] webm = ByteBuffer.allocate(4 + 1 + 7 + 4 + 1 + 2 + 6 + tracks.length)
                .putInt(0x1A45DFA3)
                .put((byte) 0x87)
                .putShort((short) 0x4282)
                .put((byte) 0x84)
                .put("webm".getBytes(StandardCharsets.US_ASCII))
                .putInt(0x1654AE6B)
                .put((byte) (0x80 | 8 + tracks.length))
                .put((byte) 0xAE)
                .put((byte) (0x80 | 6 + tracks.length))
                .put(new byte[] {(byte) 0xD7, (byte) 0x81, 1, (byte) 0x83, (byte) 0x81, 1})
                .put(tracks)
                .array();

        for (byte[] file : new byte[][] {replaced("h264.mp4", "avc1", "encv"), webm}) {
            Rejection rejection = refused(file);
            assertThat(rejection.code()).isEqualTo(MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE);
            assertThat(rejection.message()).contains("encrypted");
        }
    }

    @Test
    void refusesEbmlOfAnotherKind() throws IOException {
        assertThat(refused(replaced("vp9.webm", "webm", "subs")).code())
                .isEqualTo(MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE);
    }

    @Test
    void readsNothingOfAnEbmlHeaderButAShortName() {
        byte[] padding = ByteBuffer.allocate(21 + (64 << 20))
                .putInt(0x1A45DFA3)
                .putLong(0x01L << 56 | 9 + (64 << 20))
                .put((byte) 0xEC) // Void
                .putLong(0x01L << 56 | 64 << 20)
                .array();
        byte[] longName = ByteBuffer.allocate(12 + 10 + 100)
                .putInt(0x1A45DFA3)
                .putLong(0x01L << 56 | 110)
                .putShort((short) 0x4282)
                .putLong(0x01L << 56 | 100)
                .put("webm".getBytes(StandardCharsets.US_ASCII))
                .array();

        assertThat(refused(padding).code()).isEqualTo(MediaCode.VIDEO_NO_STREAM);
        assertThat(refused(longName).code()).isEqualTo(MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE);
    }

    private static byte[] replaced(String name, String from, String to) throws IOException {
        return new String(Videos.read(name), StandardCharsets.ISO_8859_1)
                .replace(from, to)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Rejection refused(byte[] bytes) {
        return INSPECTOR
                .inspect(new FetchedFile(bytes, "ref"), Videos.REFERENCE)
                .fold(
                        video -> {
                            throw new AssertionError("taken: " + video.container());
                        },
                        rejection -> rejection);
    }

    /** The boxes of a file with one video track whose samples are all one size, 0 for a table that is not there. */
    private static byte[] mp4(int width, int height, int samples, int sampleBytes, byte[] table) {
        byte[] entry = ByteBuffer.allocate(86)
                .putInt(86)
                .put("avc1".getBytes(StandardCharsets.US_ASCII))
                .position(32)
                .putShort((short) width)
                .putShort((short) height)
                .array();
        byte[] hdlr = ByteBuffer.allocate(24)
                .position(8)
                .put("vide".getBytes(StandardCharsets.US_ASCII))
                .array();
        byte[] stsd = box("stsd", joined(ByteBuffer.allocate(8).putInt(4, 1).array(), entry));
        byte[] stbl = box("stbl", joined(stsd, box("stsz", 0, sampleBytes, samples), table));
        byte[] trak = box("trak", box("mdia", joined(box("hdlr", hdlr), box("minf", stbl))));
        return joined(box("ftyp", "isom\0\0\0\0".getBytes(StandardCharsets.US_ASCII)), box("moov", trak));
    }

    private static byte[] edits(int count) {
        return box("elst", ByteBuffer.allocate(8 + 12 * count).putInt(4, count).array());
    }

    private static byte[] box(String name, int... values) {
        ByteBuffer content = ByteBuffer.allocate(4 * values.length);
        Arrays.stream(values).forEach(content::putInt);
        return box(name, content.array());
    }

    private static byte[] box(String name, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
