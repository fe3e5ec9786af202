package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ChatBodyTest {
    private static final Path MEDIA = ReferenceCase.media("tied");
    private static final String TEXT = "{\"type\":\"text\",\"text\":\"What?\"}";

    private static Preprocessor preprocessor;

    @BeforeAll
    static void open() throws IOException {
        preprocessor = Preprocessor.open(ReferenceCase.checkpoint("tied"), Configs.reading(MEDIA));
    }

    @AfterAll
    static void close() {
        preprocessor.close();
    }

    @Test
    void holdsTheFileInsteadOfItsName() throws IOException {
        JsonNode body = body(Requests.bodyOfParts(image("scene.png", "") + "," + TEXT));
        JsonNode content = body.at("/messages/0/content");

        assertThat(content.at("/0/image_url/url").textValue())
                .isEqualTo("data:image/png;base64,"
                        + Base64.getEncoder().encodeToString(Files.readAllBytes(MEDIA.resolve("scene.png"))));
        assertThat(content.at("/1/text").textValue()).isEqualTo("What?");
        assertThat(body.at("/model").textValue()).isEqualTo("theirs");
        assertThat(body.has("mm_processor_kwargs")).isFalse();
    }

    @Test
    void leavesOutWhatDoesNothingAndKeepsWhatDoes() throws IOException {
        assertThat(body(Requests.bodyWith("\"temperature\":0,\"max_completion_tokens\":9"))
                        .fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "model",
                        "messages",
                        "max_completion_tokens",
                        "temperature",
                        "top_p",
                        "frequency_penalty",
                        "presence_penalty",
                        "seed",
                        "logprobs");
        assertThat(body(Requests.bodyWith("\"min_p\":0.5,\"ignore_eos\":true,\"stop\":[\"x\"]"))
                        .fieldNames())
                .toIterable()
                .contains("min_p", "ignore_eos", "stop");
    }

    @Test
    void saysTheBoundsOfPicturesWhichAServerWouldChooseOtherwise() throws IOException {
        JsonNode kwargs = body(Requests.bodyOfParts(image("scene.png", ",\"max_pixels\":7056") + "," + TEXT))
                .at("/mm_processor_kwargs");

        assertThat(kwargs.at("/max_pixels").longValue()).isEqualTo(7056);
        assertThat(kwargs.at("/min_pixels").longValue()).isEqualTo(3136);
    }

    @Test
    void refusesPicturesOfDifferentBounds() {
        Rejection rejection = Requests.rejection(written(
                Requests.bodyOfParts(image("scene.png", ",\"max_pixels\":7056") + "," + image("scene.png", ""))));

        assertThat(rejection.code()).isEqualTo(RequestCode.UNSUPPORTED_VALUE);
        assertThat(rejection.message()).contains("min_pixels and max_pixels");
    }

    @Test
    void refusesVideosBecauseTheirFramesWouldBeOthers() {
        Rejection rejection = Requests.rejection(written(Requests.bodyOfParts(
                "{\"type\":\"video_url\",\"video_url\":{\"url\":[\"frame0.png\",\"frame1.png\"]}}," + TEXT)));

        assertThat(rejection.code()).isEqualTo(RequestCode.UNSUPPORTED_VALUE);
        assertThat(rejection.param())
                .hasValueSatisfying(param -> assertThat(param).startsWith("messages[0]"));
    }

    private static String image(String url, String fields) {
        return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"" + fields + "}}";
    }

    private static JsonNode body(String json) throws IOException {
        return OpenAiJson.read(Requests.value(written(json)));
    }

    private static Outcome<String> written(String json) {
        PreparedRow row =
                preprocessor.prepare(new RequestRow("row-1", Optional.empty(), json, new BinaryColumns(Map.of())));
        return row.outcome().flatMap(request -> ChatBody.write(request, "theirs"));
    }
}
