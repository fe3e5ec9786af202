package io.sparkvlm.preprocessing.request.validation;

import static io.sparkvlm.preprocessing.Requests.bodyOfParts;
import static io.sparkvlm.preprocessing.Requests.bodyWith;
import static io.sparkvlm.preprocessing.Requests.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.ContractTable;
import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.RequestLine;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.request.MessageContent;
import io.sparkvlm.preprocessing.request.Role;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.video.sample.FrameChoice;
import io.sparkvlm.preprocessing.video.sample.FrameChoice.Count;
import io.sparkvlm.preprocessing.video.sample.FrameChoice.PerSecond;
import io.sparkvlm.preprocessing.vision.FrameBudget;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidRequestsTest {
    /** The first eight bytes of SHA-256 over the job's seed, eight bytes big-endian, and the row's id. */
    private static final long SEED_OF_7_AND_ROW_1 = 6_255_753_800_329_361_921L;

    @Test
    void aSilentRequestGetsOpenAisDefaults() {
        ValidRequest request = valid(bodyWith(""));
        GenerationParams generation = request.chat().generation();

        assertThat(request.chat().model()).isEqualTo("served");
        assertThat(request.warnings()).isEmpty();
        assertThat(generation)
                .isEqualTo(new GenerationParams(
                        new SamplingParams(1, 1, 0, 0, 0, 0, 1, DerivedSeed.of(7, "row-1"), OptionalInt.empty()),
                        4096,
                        0,
                        EndOfSequence.ENDS,
                        Set.of(),
                        List.of(),
                        SpecialTokens.SKIPPED,
                        Optional.empty()));
    }

    @Test
    void everySamplingFieldIsInForce() {
        GenerationParams generation = valid(bodyWith("\"temperature\":0,\"top_p\":0.5,\"top_k\":40,\"min_p\":0.05,"
                        + "\"frequency_penalty\":-2,\"presence_penalty\":2,\"repetition_penalty\":1.1,"
                        + "\"seed\":-9223372036854775808,\"logprobs\":true,\"top_logprobs\":20,\"max_tokens\":5,"
                        + "\"max_completion_tokens\":10,\"min_tokens\":10,\"stop\":[\"a\",\"b\"],"
                        + "\"stop_token_ids\":[3,1023],\"ignore_eos\":true,\"skip_special_tokens\":false"))
                .chat()
                .generation();

        assertThat(generation)
                .isEqualTo(new GenerationParams(
                        new SamplingParams(0, 0.5, 40, 0.05, -2, 2, 1.1, Long.MIN_VALUE, OptionalInt.of(20)),
                        10,
                        10,
                        EndOfSequence.IGNORED,
                        Set.of(3, 1023),
                        List.of("a", "b"),
                        SpecialTokens.SHOWN,
                        Optional.empty()));
    }

    @Test
    void theOlderNameOfTheTokenLimitAndOneStopStringAreTaken() {
        GenerationParams generation = valid(bodyWith("\"max_tokens\":5,\"stop\":\"x\",\"top_k\":-1,\"logprobs\":true"))
                .chat()
                .generation();

        assertThat(generation.maxTokens()).isEqualTo(5);
        assertThat(generation.stopStrings()).containsExactly("x");
        assertThat(generation.sampling().topK()).isZero();
        assertThat(generation.sampling().topLogprobs()).hasValue(0);
    }

    @Test
    void aSeedIsDerivedFromTheJobsAndTheRow() {
        assertThat(DerivedSeed.of(7, "row-1"))
                .isEqualTo(DerivedSeed.of(7, "row-1"))
                .isNotEqualTo(DerivedSeed.of(7, "row-2"))
                .isNotEqualTo(DerivedSeed.of(8, "row-1"))
                // Fixed for good: a retry with a later version must give the same answer.
                .isEqualTo(SEED_OF_7_AND_ROW_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "served", "alias"})
    void theServedNamesAndModelAreTheModel(String name) {
        assertThat(valid(bodyWith("\"model\":\"" + name + "\"")).chat().model()).isEqualTo(name);
    }

    static List<ContractTable> warned() {
        return ContractTable.read("warned.txt", 2);
    }

    @ParameterizedTest
    @MethodSource("warned")
    void whatHasNoEffectIsNamedInAWarningAndRefusedWhereNobodyKnowsIt(ContractTable row) {
        String warning = row.expected().get(0);
        List<String> warnings = valid(row.line()).warnings();
        Outcome<ValidRequest> strict = Requests.validate(RejectionsTest.STRICT, row.line());

        if (warning.equals("-")) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).singleElement().asString().contains(warning);
        }
        if (warning.startsWith("unknown field")) {
            Rejection rejection = Requests.rejection(strict);
            assertThat(rejection.code()).isEqualTo(RequestCode.UNKNOWN_PARAMETER);
            assertThat(warning).contains("'" + rejection.param().orElseThrow() + "'");
            Messages.assertClean(rejection, row.line());
        } else {
            assertThat(Requests.value(strict)).isEqualTo(valid(row.line()));
        }
    }

    @Test
    void aDeveloperIsASystemAndAMisspeltAssistantWarns() {
        ValidRequest request = valid("{\"messages\":[{\"role\":\"developer\",\"content\":\"a\"},"
                + "{\"role\":\"assistent\",\"content\":\"b\",\"name\":\"n\"},{\"role\":\"assistant\"},"
                + "{\"role\":\"assistant\",\"content\":null,\"refusal\":null},{\"role\":\"user\",\"content\":\"\"}]}");

        assertThat(request.chat().messages())
                .extracting(ChatMessage::role)
                .containsExactly(Role.SYSTEM, Role.ASSISTANT, Role.ASSISTANT, Role.ASSISTANT, Role.USER);
        assertThat(request.chat().messages().get(2).content()).isEqualTo(new MessageContent.Text(""));
        assertThat(request.warnings()).hasSize(2);
    }

    static Stream<Arguments> imageBounds() {
        return Stream.of(
                arguments("", new PixelBounds(4 * 784, 1280 * 784)),
                arguments(",\"min_pixel\":784,\"max_pixel\":12845056", new PixelBounds(784, 12_845_056)),
                arguments(",\"min_pixels\":5000,\"max_pixels\":6000", new PixelBounds(5000, 6000)),
                arguments(",\"max_pixel\":784,\"max_pixels\":784", new PixelBounds(784, 784)),
                arguments(",\"min_pixel\":2000000", new PixelBounds(2_000_000, 2_000_000)),
                arguments(",\"detail\":\"auto\"", new PixelBounds(4 * 784, 1280 * 784)),
                arguments(",\"detail\":\"high\"", new PixelBounds(4 * 784, 1280 * 784)),
                arguments(",\"detail\":\"low\"", new PixelBounds(4 * 784, 512 * 512)),
                arguments(",\"detail\":\"low\",\"max_pixel\":784000", new PixelBounds(4 * 784, 784_000)),
                arguments(",\"detail\":null,\"max_pixel\":null", new PixelBounds(4 * 784, 1280 * 784)));
    }

    @ParameterizedTest
    @MethodSource("imageBounds")
    void anImagesBoundsAreItsOwnOrTheDefaults(String fields, PixelBounds bounds) {
        String openAi = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\"" + fields + "}}";
        String qwen = "{\"type\":\"image\",\"image\":\"a.png\"" + fields + "}";

        assertThat(valid(bodyOfParts(openAi)).media())
                .containsExactly(new MediaPart.Pictures(
                        MediaKind.IMAGE,
                        List.of(new MediaReference("a.png", MediaKind.IMAGE, "messages[0].content[0].image_url.url")),
                        bounds));
        assertThat(valid(bodyOfParts(qwen)).media())
                .containsExactly(new MediaPart.Pictures(
                        MediaKind.IMAGE,
                        List.of(new MediaReference("a.png", MediaKind.IMAGE, "messages[0].content[0].image")),
                        bounds));
    }

    static Stream<Arguments> processorBounds() {
        return Stream.of(
                arguments("{\"min_pixels\":784,\"max_pixels\":7840}", "", new PixelBounds(784, 7840)),
                arguments("{\"max_pixels\":784}", "", new PixelBounds(784, 784)),
                arguments("{\"max_pixels\":7840}", ",\"max_pixels\":78400", new PixelBounds(4 * 784, 78_400)),
                arguments("{\"min_pixels\":784}", ",\"detail\":\"low\"", new PixelBounds(784, 512 * 512)),
                arguments("null", "", new PixelBounds(4 * 784, 1280 * 784)));
    }

    @ParameterizedTest
    @MethodSource("processorBounds")
    void whatARequestSaysOfItsMediaGivesWayToAPartsOwn(String kwargs, String fields, PixelBounds bounds) {
        String body = bodyOfParts("{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\"" + fields + "}}")
                .replaceFirst("\\{", "{\"mm_processor_kwargs\":" + kwargs + ",");

        assertThat(valid(body).media())
                .containsExactly(new MediaPart.Pictures(
                        MediaKind.IMAGE,
                        List.of(new MediaReference("a.png", MediaKind.IMAGE, "messages[0].content[0].image_url.url")),
                        bounds));
    }

    @ParameterizedTest
    @CsvSource({"'', 0.5", "',\"fps\":3', 3"})
    void aRequestsRateIsThatOfFilesThatHaveNone(String fields, double framesPerSecond) {
        String body = bodyOfParts("{\"type\":\"video\",\"video\":\"a.mp4\"" + fields + "}")
                .replaceFirst("\\{", "{\"mm_processor_kwargs\":{\"fps\":0.5},");

        assertThat(valid(body).media())
                .extracting(part ->
                        ((PerSecond) ((MediaPart.VideoFile) part).frames().rate()).framesPerSecond())
                .containsExactly(framesPerSecond);
    }

    static Stream<Arguments> frameBounds() {
        return Stream.of(
                arguments("", new PixelBounds(128 * 784, 768 * 784)),
                arguments(",\"max_pixels\":200000", new PixelBounds(128 * 784, 200_000)),
                arguments(",\"max_pixels\":50000", new PixelBounds(50_000, 50_000)),
                arguments(",\"min_pixels\":300000", new PixelBounds(300_000, 768 * 784)),
                arguments(",\"total_pixels\":400000", new PixelBounds(128 * 784, 200_000)),
                arguments(",\"total_pixels\":784", new PixelBounds(128 * 784, 105_369)));
    }

    @ParameterizedTest
    @MethodSource("frameBounds")
    void aVideosFramesShareItsPixels(String fields, PixelBounds bounds) {
        ValidRequest request = valid(
                bodyOfParts("{\"type\":\"video_url\",\"video_url\":{\"url\":[\"a\",\"b\",\"c\"]" + fields + "}}"));

        assertThat(request.media()).singleElement().satisfies(part -> {
            MediaPart.Pictures frames = (MediaPart.Pictures) part;
            assertThat(frames.bounds()).isEqualTo(bounds);
            assertThat(frames.references())
                    .extracting(MediaReference::param)
                    .containsExactly(
                            "messages[0].content[0].video_url.url[0]",
                            "messages[0].content[0].video_url.url[1]",
                            "messages[0].content[0].video_url.url[2]");
        });
    }

    static Stream<Arguments> frameChoices() {
        FrameChoice.Rate byDefault = new PerSecond(2, 4, OptionalInt.empty());
        return Stream.of(
                arguments("", byDefault, OptionalDouble.empty(), OptionalDouble.empty()),
                arguments(",\"fps\":null,\"nframes\":null", byDefault, OptionalDouble.empty(), OptionalDouble.empty()),
                arguments(",\"nframes\":9", new Count(9), OptionalDouble.empty(), OptionalDouble.empty()),
                arguments(
                        ",\"fps\":0.5,\"min_frames\":6,\"max_frames\":20",
                        new PerSecond(0.5, 6, OptionalInt.of(20)),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()),
                arguments(
                        ",\"video_start\":0,\"video_end\":1.5",
                        byDefault,
                        OptionalDouble.of(0),
                        OptionalDouble.of(1.5)));
    }

    @ParameterizedTest
    @MethodSource("frameChoices")
    void aVideoFileSaysWhichOfItsFramesAreWanted(
            String fields, FrameChoice.Rate rate, OptionalDouble start, OptionalDouble end) {
        String path = "messages[0].content[0].video_url";
        String openAi = "{\"type\":\"video_url\",\"video_url\":{\"url\":\"a.mp4\"" + fields + "}}";

        assertThat(valid(bodyOfParts(openAi)).media())
                .containsExactly(new MediaPart.VideoFile(
                        new MediaReference("a.mp4", MediaKind.VIDEO, path + ".url"),
                        new FrameChoice(rate, start, end, path),
                        new FrameBudget(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty())));
    }

    @Test
    void framesInOneDataUrlAreAListOfFrames() {
        ValidRequest request =
                valid(bodyOfParts("{\"type\":\"video\",\"video\":\"data:video/jpeg;base64,AAAA,BBBB,CCCC\"}"));

        assertThat(request.media()).singleElement().satisfies(part -> {
            MediaPart.Pictures frames = (MediaPart.Pictures) part;
            assertThat(frames.kind()).isEqualTo(MediaKind.VIDEO);
            assertThat(frames.references())
                    .extracting(MediaReference::url)
                    .containsExactly(
                            "data:image/jpeg;base64,AAAA",
                            "data:image/jpeg;base64,BBBB",
                            "data:image/jpeg;base64,CCCC");
        });
    }

    @Test
    void whatChoosesFramesOfAFileHasNoEffectOnAnArray() {
        ValidRequest request =
                valid(bodyOfParts("{\"type\":\"video\",\"video\":[\"a\"],\"fps\":2,\"max_frames\":768}"));

        assertThat(request.warnings()).hasSize(2).allMatch(warning -> warning.contains("array of frames"));
    }

    @Test
    void mediaStandInTheOrderOfTheConversation() {
        ValidRequest request = valid(bodyOfParts("{\"type\":\"image\",\"image\":\"1\"},"
                + "{\"type\":\"video\",\"video\":[\"2\"]},{\"type\":\"text\",\"text\":\"t\"},"
                + "{\"type\":\"image\",\"image\":\"3\"}"));

        assertThat(request.media())
                .extracting(
                        part -> ((MediaPart.Pictures) part).references().get(0).url())
                .containsExactly("1", "2", "3");
        assertThat(request.chat().messages().get(0).content())
                .isEqualTo(new MessageContent.Parts(List.of(
                        new ContentPart.Media(MediaKind.IMAGE),
                        new ContentPart.Media(MediaKind.VIDEO),
                        new ContentPart.Text("t"),
                        new ContentPart.Media(MediaKind.IMAGE))));
    }

    @Test
    void aBatchLineIsItsBody() {
        String line = "{\"custom_id\":\"" + "é".repeat(512) + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
                + "\"body\":" + bodyWith("\"seed\":3") + ",\"note\":1}";

        assertThat(valid(line).chat()).isEqualTo(valid(bodyWith("\"seed\":3")).chat());
        assertThat(valid(line).warnings()).singleElement().asString().contains("'note'");
    }

    @Test
    void tenThousandUnknownFieldsAreFewWarnings() {
        StringBuilder fields = new StringBuilder("\"f\":1");
        for (int i = 0; i < 10_000; i++) {
            fields.append(",\"f").append(i).append("\":1");
        }

        assertThat(valid(bodyWith(fields.toString())).warnings()).hasSize(51);
    }

    @Test
    void aBodyCanBeJudgedWithoutAnEnvelope() {
        RequestLine line = Requests.value(RequestLine.read(bodyWith("")));

        assertThat(new RequestValidator(Requests.RULES).validate(line.request(), "row-1"))
                .isEqualTo(Requests.validate(Requests.RULES, bodyWith("")));
    }
}
