package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.fetch.DownloadLimits;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.prompt.ChatPrompt;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.request.validation.RequestRules;
import io.sparkvlm.preprocessing.request.validation.Strictness;
import io.sparkvlm.preprocessing.video.VideoLimits;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bounds what a row costs that was written to cost much. */
class HostileRowsTest {
    private static final MediaLimits LIMITS = new MediaLimits(1 << 20, 1 << 20, 100_000, 4 << 20);
    private static final Pattern COUNTED = Pattern.compile("length is (\\d+) tokens.* at least (\\d+) tokens");

    private static final int CALLS = 400;

    private static Preprocessor preprocessor;

    @BeforeAll
    static void open() throws IOException {
        preprocessor = open(ContextLimit.OF_THE_MODEL);
    }

    @AfterAll
    static void close() {
        preprocessor.close();
    }

    @Test
    void manyPartsOfOneLargeFileAreRefusedAtTheFirstThatIsTooMuch() {
        Rejection rejection = rejection(images(201, ""), gif(28, 28, 40_000));

        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_FILE_TOO_LARGE);
        assertThat(rejection.param()).contains("messages[0].content[2].image");
        assertThat(rejection.message()).contains("100000 bytes", "found 120");
    }

    @Test
    void manyFramesOfOneLargeFileAreRefusedAtTheFirstThatIsTooMuch() {
        Rejection rejection = rejection(video(201), gif(28, 28, 40_000));

        assertThat(rejection.code()).isEqualTo(MediaCode.VIDEO_FILE_TOO_LARGE);
        assertThat(rejection.param()).contains("messages[0].content[0].video[2]");
    }

    @Test
    void smallFilesOfLargeCanvasesAreRefusedAtTheFirstThatIsTooMuch() {
        byte[] canvas = gif(1024, 1024, 0);

        Rejection image = rejection(images(20, ",\"max_pixels\":3136"), canvas);
        Rejection frame = rejection(video(20), canvas);

        assertThat(image.code()).isEqualTo(MediaCode.IMAGE_TOO_LARGE);
        assertThat(image.param()).contains("messages[0].content[4].image");
        assertThat(image.message()).contains("4194304 pixels", "found 5242880");
        assertThat(frame.code()).isEqualTo(MediaCode.VIDEO_TOO_LARGE);
        assertThat(frame.param()).contains("messages[0].content[0].video[4]");
    }

    @Test
    void asManyMediaAsTheLimitsSayAreTaken() {
        assertThat(Requests.value(prepare(images(4, ",\"max_pixels\":3136"), gif(1024, 1024, 0))
                                .outcome())
                        .media())
                .hasSize(4);
    }

    @Test
    void whatTakesMoreTokensThanTheContextIsNotFetchedToItsEnd() throws IOException {
        try (Preprocessor small = open(new ContextLimit(200))) {
            String parts = images(20, ",\"min_pixels\":31360") + "," + image("column:nothing", "");
            Rejection rejection = Requests.rejection(small.prepare(row(Requests.bodyOfParts(parts), gif(28, 28, 0)))
                    .outcome());

            assertThat(rejection.code()).isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
        }
    }

    @Test
    void morePartsThanTheContextHasTokensAreRefusedWithoutAFetch() {
        List<String> parts = Collections.nCopies(40_000, image("column:nothing", ""));

        Rejection rejection = rejection(String.join(",", parts), new byte[0]);

        assertThat(rejection.code()).isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
    }

    @Test
    void textThatCannotFitIsRefusedUnread() {
        List<String> texts = List.of(
                "a".repeat(30_000_000),
                "中".repeat(8_000_000),
                "a" + "\u0301\u0323".repeat(3_000_000),
                (" ".repeat(100_000) + "x").repeat(100));
        for (String text : texts) {
            Rejection rejection = rejectionOfText(text);

            assertRefusedByItsLeast(rejection);
            assertThat(rejection.param()).contains("messages");
        }
    }

    @Test
    void manySmallMessagesAreRefusedOnceTheyAreTooMany() {
        String messages = String.join(",", Collections.nCopies(20_000, "{\"role\":\"user\",\"content\":\"a\"}"));

        assertRefusedByItsLeast(Requests.rejection(preprocessor
                .prepare(row("{\"messages\":[" + messages + "]}", new byte[0]))
                .outcome()));
    }

    /** Tokenizing, which may take minutes, counts no further than the context goes; the bound before it does. */
    private static void assertRefusedByItsLeast(Rejection rejection) {
        assertThat(rejection.code()).isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
        Matcher counted = COUNTED.matcher(rejection.message());
        assertThat(counted.find()).as(rejection.message()).isTrue();
        assertThat(Long.parseLong(counted.group(2))).isGreaterThan(Long.parseLong(counted.group(1)));
    }

    /** Two seconds; counting all before each takes two minutes. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void mediaAreCountedInTimeThatGrowsWithTheirNumber() {
        RequestRules rules = new RequestRules(
                List.of(),
                Strictness.LENIENT,
                PixelBounds.IMAGE_DEFAULT,
                MediaCounts.UNBOUNDED,
                1,
                Requests.RULES.defaults(),
                JobSampling.NONE,
                0,
                1024);
        int many = 80_000; // as many as one request's JSON has values for
        String parts = images(many, "");

        for (int i = 0; i < 5; i++) {
            assertThat(Requests.value(Requests.validate(rules, Requests.bodyOfParts(parts)))
                            .media())
                    .hasSize(many);
        }
    }

    @Test
    void moreTokensThanAnIntHoldsAreCounted() {
        PatchGrid large = new PatchGrid(1, 256, 256, PatchGeometry.QWEN2_VL);
        ChatPrompt prompt = new ChatPrompt(new int[200_000], List.of());

        assertThat(prompt.tokens(Collections.nCopies(200_000, large))).isEqualTo(200_000L * 16_384);
    }

    @Test
    void manyThreadsGetTheAnswersThatOneGets() throws Exception {
        List<RequestRow> rows = IntStream.range(0, CALLS)
                .mapToObj(i -> row(
                        Requests.bodyOfParts(image("column:p", "") + ",{\"type\":\"text\",\"text\":\""
                                + "word é ".repeat(i % 7) + "\"}"),
                        gif(28 + i % 5 * 28, 56, 0)))
                .toList();
        List<String> expected =
                rows.stream().map(row -> answer(preprocessor.prepare(row))).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> found = new ArrayList<>();
            for (RequestRow row : rows) {
                found.add(threads.submit(() -> answer(preprocessor.prepare(row))));
            }
            for (int i = 0; i < CALLS; i++) {
                assertThat(found.get(i).get()).isEqualTo(expected.get(i));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anIdAndAFieldsNameAreRepeatedInPartAndAsUnicode() throws IOException {
        String envelope = "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + Requests.bodyWith("") + "}";
        PreparedRow longId = prepareLine(envelope.formatted("😀".repeat(600)));
        PreparedRow loneSurrogate = prepareLine(envelope.formatted("a\\ud800b"));

        assertThat(longId.customId()).contains("😀".repeat(512));
        assertThat(Requests.rejection(longId.outcome()).code()).isEqualTo(RequestCode.STRING_ABOVE_MAX_LENGTH);
        assertThat(loneSurrogate.customId()).contains("a\uFFFDb");
        assertThat(Requests.rejection(loneSurrogate.outcome()).code()).isEqualTo(RequestCode.INVALID_VALUE);
        assertThat(prepareLine(Requests.bodyWith("\"x\\ud800\":1")).warnings())
                .containsExactly("unknown field 'x\uFFFD' has no effect on the answer");
    }

    private static String answer(PreparedRow row) {
        PreparedRequest request = Requests.value(row.outcome());
        return request.promptTokens()
                + Arrays.toString(request.prompt().tokenIds())
                + request.media().get(0).sha256();
    }

    private static Preprocessor open(ContextLimit maxModelLen) throws IOException {
        return Preprocessor.open(
                ReferenceCase.checkpoint("tied"),
                new PreprocessingConfig(
                        "",
                        WebAccess.CLOSED,
                        DownloadLimits.DEFAULT.deadline(),
                        List.of(),
                        Strictness.LENIENT,
                        maxModelLen,
                        PixelBounds.IMAGE_DEFAULT,
                        LIMITS,
                        VideoLimits.DEFAULT,
                        DecoderIsolation.CHILD_PROCESSES,
                        MediaCounts.UNBOUNDED,
                        1,
                        DefaultsSource.OPENAI,
                        JobSampling.NONE,
                        0));
    }

    private static Rejection rejectionOfText(String text) {
        return Requests.rejection(prepareLine("{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}")
                .outcome());
    }

    private static Rejection rejection(String parts, byte[] picture) {
        return Requests.rejection(prepare(parts, picture).outcome());
    }

    private static PreparedRow prepare(String parts, byte[] picture) {
        return preprocessor.prepare(row(Requests.bodyOfParts(parts), picture));
    }

    private static PreparedRow prepareLine(String json) {
        return preprocessor.prepare(row(json, new byte[0]));
    }

    private static RequestRow row(String json, byte[] picture) {
        return new RequestRow("row-1", Optional.empty(), json, new BinaryColumns(Map.of("p", picture)));
    }

    private static String images(int count, String fields) {
        return String.join(",", Collections.nCopies(count, image("column:p", fields)));
    }

    private static String image(String url, String fields) {
        return "{\"type\":\"image\",\"image\":\"" + url + "\"" + fields + "}";
    }

    private static String video(int frames) {
        return "{\"type\":\"video\",\"max_pixels\":3136,\"min_pixels\":784,\"video\":["
                + String.join(",", Collections.nCopies(frames, "\"column:p\"")) + "]}";
    }

    /** One pixel on a canvas, in a file that a comment lengthens by at least so many bytes. */
    private static byte[] gif(int width, int height, int commentBytes) {
        int blocks = (commentBytes + 254) / 255;
        ByteBuffer file = ByteBuffer.allocate(64 + blocks * 256).order(ByteOrder.LITTLE_ENDIAN);
        file.put(HexFormat.of().parseHex("474946383961"))
                .putShort((short) width)
                .putShort((short) height)
                .put(HexFormat.of().parseHex("800000000000ffffff"));
        if (blocks > 0) {
            file.put(HexFormat.of().parseHex("21fe"));
            for (int i = 0; i < blocks; i++) {
                file.put((byte) 255).put(new byte[255]);
            }
            file.put((byte) 0);
        }
        file.put(HexFormat.of().parseHex("2c00000000010001000002024401003b"));
        byte[] bytes = new byte[file.position()];
        file.flip().get(bytes);
        return bytes;
    }
}
