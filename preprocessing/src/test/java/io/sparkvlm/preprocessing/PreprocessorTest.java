package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.PreprocessingConfig.DefaultsSource;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
    private static final Path CHECKPOINT = ReferenceCase.checkpoint("tied");
    private static final Path MEDIA = ReferenceCase.media("tied");
    private static final Clock NOON = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
    private static final int END_OF_TURN = 1012;
    private static final int END_OF_TEXT = 1010;

    private static Preprocessor preprocessor;

    @BeforeAll
    static void open() throws IOException {
        preprocessor = Preprocessor.open(CHECKPOINT, Configs.reading(MEDIA), NOON);
    }

    @AfterAll
    static void close() {
        preprocessor.close();
    }

    @Test
    void anImageComesFromAFileADataUrlAColumnOrBareBase64() throws IOException {
        byte[] bytes = Files.readAllBytes(MEDIA.resolve("scene.png"));
        String base64 = Base64.getEncoder().encodeToString(bytes);

        for (String url : List.of("scene.png", "data:image/png;base64," + base64, "column:picture", base64)) {
            PreparedRow row = preprocessor.prepare(new RequestRow(
                    "row-1",
                    Optional.empty(),
                    Requests.bodyOfParts(image(url)),
                    new BinaryColumns(Map.of("picture", bytes))));
            PreparedMedia media = Requests.value(row.outcome()).media().get(0);

            assertThat(media.width()).isEqualTo(97);
            assertThat(media.height()).isEqualTo(61);
            assertThat(media.resizedWidth()).isEqualTo(84);
            assertThat(media.resizedHeight()).isEqualTo(56);
            assertThat(media.grid()).isEqualTo(new PatchGrid(1, 4, 6, PatchGeometry.QWEN2_VL));
            assertThat(media.frames()).isEmpty();
            assertThat(media.sha256()).hasSize(64);
            assertThat(media.ref()).hasSizeLessThan(40);
            assertThat(Requests.value(preprocessor.encode(row)).visionTokens()).isEqualTo(6);
        }
    }

    @Test
    void aVideosFramesAreNamedAndTheLastOfAnOddCountIsSeenTwice() {
        PreparedRow row = prepare(Requests.bodyOfParts("{\"type\":\"video_url\",\"video_url\":{\"url\":"
                + "[\"frame0.png\",\"frame1.png\",\"frame2.png\"]}}"));
        PreparedMedia media = Requests.value(row.outcome()).media().get(0);

        assertThat(media.kind()).isEqualTo(MediaKind.VIDEO);
        assertThat(media.ref()).isEqualTo("[\"frame0.png\",\"frame1.png\",\"frame2.png\"]");
        assertThat(media.frames()).containsExactly(0, 1, 2, 2);
        assertThat(media.files()).hasSize(3);
        assertThat(media.grid().t()).isEqualTo(2);
    }

    @Test
    void aFrameOfAnotherSizeIsRefusedWhereItStands() {
        Rejection rejection = Requests.rejection(prepare(Requests.bodyOfParts(
                        "{\"type\":\"video\",\"video\":[\"frame0.png\",\"frame1.png\",\"scene.png\"]}"))
                .outcome());

        assertThat(rejection.code()).isEqualTo(RequestCode.INVALID_VALUE);
        assertThat(rejection.param()).contains("messages[0].content[0].video[2]");
        assertThat(rejection.message()).contains("160 x 120", "97 x 61");
    }

    @Test
    void whatCannotBeFetchedIsTheRowsRejection() {
        assertRejected(image("https://example.com/a.png?token=secret"), MediaCode.URL_NOT_ALLOWED);
        assertRejected(image("hdfs://namenode/a.png"), MediaCode.URL_NOT_ALLOWED);
        assertRejected(image("../checkpoint/config.json"), MediaCode.URL_NOT_ALLOWED);
        assertRejected(image("nowhere.png"), MediaCode.IMAGE_FILE_NOT_FOUND);
        assertRejected(image("column:nothing"), MediaCode.INVALID_IMAGE_URL);
        assertRejected(image("data:image/png;base64,AAAA"), MediaCode.UNSUPPORTED_IMAGE_MEDIA_TYPE);
        assertRejected("{\"type\":\"video\",\"video\":[\"nowhere.png\"]}", MediaCode.VIDEO_FILE_NOT_FOUND);
        assertRejected(image("a") + "," + image("b") + "," + image("c"), RequestCode.IMAGE_LIMIT_EXCEEDED);
    }

    @Test
    void aPictureThatIsDamagedBehindItsHeaderIsRefusedWhenItIsDecoded() throws IOException {
        PreparedRow row = preprocessor.prepare(new RequestRow(
                "row-1",
                Optional.empty(),
                Requests.bodyOfParts(image("column:p")),
                new BinaryColumns(Map.of("p", Pictures.pngOfNoise()))));

        assertThat(Requests.value(row.outcome()).media()).hasSize(1);
        Rejection rejection = Requests.rejection(preprocessor.encode(row));

        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_PARSE_ERROR);
        assertThat(rejection.param()).contains("messages[0].content[0].image_url.url");

        PreparedRow resized = preprocessor.resize(row);
        assertThat(Requests.rejection(resized.answerable())).isEqualTo(rejection);
        assertThat(Requests.value(resized.outcome()).media())
                .singleElement()
                .satisfies(media -> assertThat(media.width()).isEqualTo(64));
    }

    @Test
    void theCustomIdIsTheBatchLinesElseTheTablesAndSurvivesARejection() {
        Optional<String> column = Optional.of("column");
        String line = "{\"custom_id\":\"line\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":";

        assertThat(customId(line + Requests.bodyWith("") + "}", column)).contains("line");
        assertThat(customId(line + Requests.bodyWith("\"n\":2") + "}", column)).contains("line");
        assertThat(customId(Requests.bodyWith(""), column)).contains("column");
        assertThat(customId("{", column)).contains("column");
        assertThat(customId(Requests.bodyWith(""), Optional.empty())).isEmpty();
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedFromHeadersAlone() throws IOException {
        RequestRow damaged = new RequestRow(
                "row-1",
                Optional.empty(),
                Requests.bodyOfParts(image("column:p")),
                new BinaryColumns(Map.of("p", Pictures.pngOfNoise())));
        int tokens = Requests.value(preprocessor.prepare(damaged).outcome()).promptTokens();

        try (Preprocessor tight = withContext(tokens)) {
            assertThat(Requests.rejection(tight.prepare(damaged).outcome()).code())
                    .isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
        }
    }

    @Test
    void anAnswerGetsTheTokensThatThePromptLeaves() throws IOException {
        String body = Requests.bodyOfParts(image("wide.jpg"));
        int tokens = Requests.value(prepare(body).outcome()).promptTokens();

        try (Preprocessor tight = withContext(tokens);
                Preprocessor enough = withContext(tokens + 1)) {
            Rejection rejection = Requests.rejection(tight.prepare(row(body)).outcome());
            PreparedRow fits = enough.prepare(row(body));

            assertThat(rejection.code()).isEqualTo(RequestCode.CONTEXT_LENGTH_EXCEEDED);
            assertThat(rejection.param()).contains("messages");
            assertThat(rejection.message()).contains(tokens + " tokens");
            assertThat(fits.warnings()).as("a default is cut without a word").isEmpty();
            assertThat(Requests.value(enough.encode(fits)).task().stop().maxTokens())
                    .isEqualTo(1);
            assertThat(Requests.value(fits.outcome()).params()).startsWith("{\"max_completion_tokens\":1,");
        }
    }

    @Test
    void minTokensIsCutWithMaxTokens() throws IOException {
        String body = Requests.bodyWith("\"max_tokens\":500,\"min_tokens\":400");
        int tokens = Requests.value(prepare(body).outcome()).promptTokens();

        try (Preprocessor tight = withContext(tokens + 10)) {
            StopRules stop = Requests.value(tight.encode(tight.prepare(row(body))))
                    .task()
                    .stop();

            assertThat(stop.maxTokens()).isEqualTo(10);
            assertThat(stop.minTokens()).isEqualTo(10);
        }
    }

    @Test
    void theCheckpointsEndIdsEndAnAnswerUnlessTheyAreIgnored() {
        assertThat(stopIds("")).containsExactlyInAnyOrder(END_OF_TURN, END_OF_TEXT);
        assertThat(stopIds("\"stop_token_ids\":[5]")).containsExactlyInAnyOrder(END_OF_TURN, END_OF_TEXT, 5);
        assertThat(stopIds("\"ignore_eos\":true")).isEmpty();
        assertThat(stopIds("\"ignore_eos\":true,\"stop_token_ids\":[5]")).containsExactly(5);
    }

    @Test
    void theCheckpointsSamplingHoldsWhenTheJobSaysSo() throws IOException {
        try (Preprocessor auto = Preprocessor.open(
                CHECKPOINT, Configs.of(MEDIA, ContextLimit.OF_THE_MODEL, DefaultsSource.CHECKPOINT))) {
            String params = Requests.value(auto.prepare(row(Requests.bodyWith("\"top_p\":0.5")))
                            .outcome())
                    .params();

            assertThat(params).contains("\"temperature\":0.01", "\"top_k\":1", "\"top_p\":0.5");
        }
    }

    @Test
    void anAnswerIsAChatCompletion() throws IOException {
        PreparedRow row = preprocessor.prepare(new RequestRow(
                "part-0.jsonl:17",
                Optional.empty(),
                Requests.bodyWith("\"model\":\"model\",\"logprobs\":true"),
                BinaryColumns.NONE));
        ReadyRequest ready = Requests.value(preprocessor.encode(row));
        GeneratedToken token = new GeneratedToken(
                'A' - '!', Optional.of(new GeneratedToken.Logprobs(-0.5f, new int[0], new float[0])));
        GeneratedToken end = new GeneratedToken(END_OF_TURN, Optional.empty());
        ready.task().listener().onToken(token);

        Completion completion = preprocessor.complete(
                ready,
                new Generation(
                        List.of(token, end),
                        FinishReason.STOP,
                        16,
                        new Generation.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO)));
        JsonNode response = new ObjectMapper().readTree(completion.response());
        int prompt = ready.task().prompt().tokens();

        assertThat(completion.text()).isEqualTo("A");
        assertThat(completion.finishReason()).isEqualTo("stop");
        assertThat(completion.usage()).isEqualTo(new Completion.Usage(prompt, 2, 16, 0));
        assertThat(response.path("id").textValue()).matches("chatcmpl-[0-9a-f]{32}");
        assertThat(response.path("created").longValue()).isEqualTo(1_800_000_000);
        assertThat(response.path("model").textValue()).isEqualTo("model");
        assertThat(response.at("/choices/0/message/content").textValue()).isEqualTo("A");
        assertThat(response.at("/choices/0/logprobs/content/0/bytes/0").intValue())
                .isEqualTo('A');
        assertThat(response.at("/usage/total_tokens").intValue()).isEqualTo(prompt + 2);
        assertThat(response.at("/usage/prompt_tokens_details/cached_tokens").intValue())
                .isEqualTo(16);
    }

    @Test
    void aRetryOfARowIsTheSameTask() {
        ReadyRequest first = Requests.value(preprocessor.encode(prepare(Requests.bodyWith(""))));
        ReadyRequest second = Requests.value(preprocessor.encode(prepare(Requests.bodyWith(""))));

        assertThat(second.task().sampling()).isEqualTo(first.task().sampling());
        assertThat(second.task().prompt().tokenIds())
                .isEqualTo(first.task().prompt().tokenIds());
        assertThat(second.text()).isNotSameAs(first.text());
    }

    @Test
    void aRejectedRowStaysRejected() {
        PreparedRow row = prepare("not json");

        assertThat(Requests.rejection(preprocessor.encode(row)).code()).isEqualTo(RequestCode.INVALID_JSON_LINE);
    }

    @Test
    void aFaultOfTheProgramIsAnErrorRowWithARequestId() throws IOException {
        Preprocessor closed = Preprocessor.open(CHECKPOINT, Configs.reading(MEDIA));
        closed.close();

        Rejection rejection =
                Requests.rejection(closed.prepare(row(Requests.bodyWith(""))).outcome());

        assertThat(rejection.code()).isEqualTo(EngineCode.SERVER_ERROR);
        assertThat(rejection.message()).containsPattern("req_[0-9a-f]{32}").doesNotContain("Exception");
    }

    @Test
    void aContextLongerThanTheModelsIsRefusedAtTheStart() {
        assertThatThrownBy(() -> withContext(32_769))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32768");
        assertThat(preprocessor.maxModelLen()).isEqualTo(32_768);
    }

    private static Set<Integer> stopIds(String fields) {
        return Requests.value(preprocessor.encode(prepare(Requests.bodyWith(fields))))
                .task()
                .stop()
                .stopIds();
    }

    private static void assertRejected(String parts, ErrorCode code) {
        Rejection rejection =
                Requests.rejection(prepare(Requests.bodyOfParts(parts)).outcome());

        assertThat(rejection.code()).as(rejection.message()).isEqualTo(code);
        assertThat(rejection.param().orElseThrow()).startsWith("messages[0].content[");
        assertThat(rejection.message()).doesNotContain("secret");
    }

    private static Optional<String> customId(String json, Optional<String> column) {
        return preprocessor
                .prepare(new RequestRow("row-1", column, json, BinaryColumns.NONE))
                .customId();
    }

    private static PreparedRow prepare(String json) {
        return preprocessor.prepare(row(json));
    }

    private static RequestRow row(String json) {
        return new RequestRow("row-1", Optional.empty(), json, BinaryColumns.NONE);
    }

    private static Preprocessor withContext(int tokens) throws IOException {
        return Preprocessor.open(CHECKPOINT, Configs.of(MEDIA, new ContextLimit(tokens), DefaultsSource.OPENAI));
    }

    private static String image(String url) {
        return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}";
    }
}
