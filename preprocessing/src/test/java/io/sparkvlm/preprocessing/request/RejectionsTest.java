package io.sparkvlm.preprocessing.request;

import static io.sparkvlm.preprocessing.Requests.bodyOfParts;
import static io.sparkvlm.preprocessing.Requests.bodyWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sparkvlm.api.Rejection;
import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.preprocessing.Requests;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RejectionsTest {
    private static final String PART = "messages[0].content[0]";
    private static final String IMAGE = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\"}}";
    private static final String VIDEO = "{\"type\":\"video_url\",\"video_url\":{\"url\":[\"a.png\"]}}";

    static Stream<Arguments> fieldsAtFault() {
        return Stream.of(
                arguments("\"model\":5", Code.INVALID_TYPE, "model"),
                arguments("\"model\":\"gpt-4\"", Code.MODEL_NOT_FOUND, "model"),
                arguments("\"max_completion_tokens\":0", Code.INTEGER_BELOW_MIN_VALUE, "max_completion_tokens"),
                arguments("\"max_completion_tokens\":1.5", Code.INVALID_TYPE, "max_completion_tokens"),
                arguments("\"max_completion_tokens\":1e30", Code.INVALID_TYPE, "max_completion_tokens"),
                arguments("\"max_tokens\":99999999999", Code.INTEGER_ABOVE_MAX_VALUE, "max_tokens"),
                arguments("\"max_tokens\":\"5\"", Code.INVALID_TYPE, "max_tokens"),
                arguments("\"temperature\":2.1", Code.DECIMAL_ABOVE_MAX_VALUE, "temperature"),
                arguments("\"temperature\":-0.1", Code.DECIMAL_BELOW_MIN_VALUE, "temperature"),
                arguments("\"temperature\":1e999", Code.DECIMAL_ABOVE_MAX_VALUE, "temperature"),
                arguments("\"temperature\":\"hot\"", Code.INVALID_TYPE, "temperature"),
                arguments("\"top_p\":1.01", Code.DECIMAL_ABOVE_MAX_VALUE, "top_p"),
                arguments("\"top_p\":-1", Code.DECIMAL_BELOW_MIN_VALUE, "top_p"),
                arguments("\"frequency_penalty\":2.5", Code.DECIMAL_ABOVE_MAX_VALUE, "frequency_penalty"),
                arguments("\"presence_penalty\":-2.5", Code.DECIMAL_BELOW_MIN_VALUE, "presence_penalty"),
                arguments("\"stop\":5", Code.INVALID_TYPE, "stop"),
                arguments("\"stop\":\"\"", Code.INVALID_VALUE, "stop"),
                arguments("\"stop\":[\"a\",5]", Code.INVALID_TYPE, "stop[1]"),
                arguments("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", Code.ARRAY_ABOVE_MAX_LENGTH, "stop"),
                arguments("\"stop\":\"\\ud800\"", Code.INVALID_VALUE, "stop"),
                arguments("\"seed\":9223372036854775808", Code.INTEGER_ABOVE_MAX_VALUE, "seed"),
                arguments("\"seed\":-9223372036854775809", Code.INTEGER_BELOW_MIN_VALUE, "seed"),
                arguments("\"seed\":1.0", Code.INVALID_TYPE, "seed"),
                arguments("\"logprobs\":1", Code.INVALID_TYPE, "logprobs"),
                arguments("\"top_logprobs\":3", Code.INVALID_VALUE, "top_logprobs"),
                arguments("\"logprobs\":true,\"top_logprobs\":21", Code.INTEGER_ABOVE_MAX_VALUE, "top_logprobs"),
                arguments("\"logprobs\":true,\"top_logprobs\":-1", Code.INTEGER_BELOW_MIN_VALUE, "top_logprobs"),
                arguments("\"n\":2", Code.UNSUPPORTED_VALUE, "n"),
                arguments("\"n\":0", Code.INTEGER_BELOW_MIN_VALUE, "n"),
                arguments("\"n\":true", Code.INVALID_TYPE, "n"),
                arguments("\"stream\":\"yes\"", Code.INVALID_TYPE, "stream"),
                arguments("\"stream_options\":true", Code.INVALID_TYPE, "stream_options"),
                arguments("\"response_format\":\"text\"", Code.INVALID_TYPE, "response_format"),
                arguments("\"response_format\":{}", Code.MISSING_REQUIRED_PARAMETER, "response_format.type"),
                arguments(
                        "\"response_format\":{\"type\":\"json_object\"}",
                        Code.UNSUPPORTED_VALUE,
                        "response_format.type"),
                arguments(
                        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}",
                        Code.UNSUPPORTED_VALUE,
                        "response_format.type"),
                arguments("\"response_format\":{\"type\":\"xml\"}", Code.INVALID_VALUE, "response_format.type"),
                arguments("\"top_k\":-2", Code.INTEGER_BELOW_MIN_VALUE, "top_k"),
                arguments("\"min_p\":1.5", Code.DECIMAL_ABOVE_MAX_VALUE, "min_p"),
                arguments("\"repetition_penalty\":0", Code.DECIMAL_BELOW_MIN_VALUE, "repetition_penalty"),
                arguments("\"ignore_eos\":0", Code.INVALID_TYPE, "ignore_eos"),
                arguments("\"min_tokens\":-1", Code.INTEGER_BELOW_MIN_VALUE, "min_tokens"),
                arguments("\"min_tokens\":11,\"max_tokens\":10", Code.INVALID_VALUE, "min_tokens"),
                arguments("\"stop_token_ids\":7", Code.INVALID_TYPE, "stop_token_ids"),
                arguments("\"stop_token_ids\":[1024]", Code.INTEGER_ABOVE_MAX_VALUE, "stop_token_ids[0]"),
                arguments("\"stop_token_ids\":[1,-1]", Code.INTEGER_BELOW_MIN_VALUE, "stop_token_ids[1]"),
                arguments("\"skip_special_tokens\":\"no\"", Code.INVALID_TYPE, "skip_special_tokens"));
    }

    @ParameterizedTest
    @MethodSource("fieldsAtFault")
    void aFieldAtFaultIsNamed(String fields, Code code, String param) {
        assertRejected(bodyWith(fields), code, param);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools",
                "tool_choice",
                "functions",
                "function_call",
                "logit_bias",
                "modalities",
                "audio",
                "prediction",
                "chat_template",
                "chat_template_kwargs",
                "mm_processor_kwargs",
                "media_io_kwargs",
                "guided_json",
                "best_of",
                "bad_words"
            })
    void whatWouldChangeTheAnswerIsRefusedByName(String field) {
        assertRejected(bodyWith("\"" + field + "\":{}"), Code.UNSUPPORTED_PARAMETER, field);
        assertThat(Requests.valid(bodyWith("\"" + field + "\":null")).warnings())
                .isEmpty();
    }

    static Stream<Arguments> messagesAtFault() {
        return Stream.of(
                arguments("{}", Code.MISSING_REQUIRED_PARAMETER, "messages"),
                arguments("{\"messages\":null}", Code.MISSING_REQUIRED_PARAMETER, "messages"),
                arguments("{\"messages\":[]}", Code.EMPTY_ARRAY, "messages"),
                arguments("{\"messages\":\"hi\"}", Code.INVALID_TYPE, "messages"),
                arguments("{\"messages\":[5]}", Code.INVALID_TYPE, "messages[0]"),
                arguments("[]", Code.INVALID_TYPE, "body"),
                arguments("5", Code.INVALID_TYPE, "body"),
                arguments(message("\"content\":\"a\""), Code.MISSING_REQUIRED_PARAMETER, "messages[0].role"),
                arguments(message("\"role\":5,\"content\":\"a\""), Code.INVALID_TYPE, "messages[0].role"),
                arguments(message("\"role\":\"king\",\"content\":\"a\""), Code.INVALID_VALUE, "messages[0].role"),
                arguments(message("\"role\":\"tool\",\"content\":\"a\""), Code.UNSUPPORTED_VALUE, "messages[0].role"),
                arguments(message("\"role\":\"user\""), Code.MISSING_REQUIRED_PARAMETER, "messages[0].content"),
                arguments(message("\"role\":\"user\",\"content\":null"), Code.INVALID_TYPE, "messages[0].content"),
                arguments(message("\"role\":\"user\",\"content\":5"), Code.INVALID_TYPE, "messages[0].content"),
                arguments(message("\"role\":\"user\",\"content\":[]"), Code.EMPTY_ARRAY, "messages[0].content"),
                arguments(
                        message("\"role\":\"assistant\",\"content\":null,\"tool_calls\":[]"),
                        Code.UNSUPPORTED_PARAMETER,
                        "messages[0].tool_calls"),
                arguments(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                                + "{\"type\":\"text\",\"text\":5}]}]}",
                        Code.INVALID_TYPE,
                        "messages[1].content[1].text"));
    }

    @ParameterizedTest
    @MethodSource("messagesAtFault")
    void aMessageAtFaultIsNamed(String body, Code code, String param) {
        assertRejected(body, code, param);
    }

    static Stream<Arguments> partsAtFault() {
        return Stream.of(
                arguments("\"text\"", Code.INVALID_TYPE, PART),
                arguments("{\"text\":\"a\"}", Code.MISSING_REQUIRED_PARAMETER, PART + ".type"),
                arguments("{\"type\":\"poem\"}", Code.INVALID_VALUE, PART + ".type"),
                arguments("{\"type\":\"input_audio\"}", Code.UNSUPPORTED_VALUE, PART + ".type"),
                arguments("{\"type\":\"file\"}", Code.UNSUPPORTED_VALUE, PART + ".type"),
                arguments("{\"type\":\"text\"}", Code.MISSING_REQUIRED_PARAMETER, PART + ".text"),
                arguments("{\"type\":\"text\",\"text\":\"\\udc00\"}", Code.INVALID_VALUE, PART + ".text"),
                arguments("{\"type\":\"image_url\"}", Code.MISSING_REQUIRED_PARAMETER, PART + ".image_url"),
                arguments("{\"type\":\"image_url\",\"image_url\":\"a.png\"}", Code.INVALID_TYPE, PART + ".image_url"),
                arguments(image(""), Code.MISSING_REQUIRED_PARAMETER, PART + ".image_url.url"),
                arguments(image("\"url\":[\"a\"]"), Code.INVALID_TYPE, PART + ".image_url.url"),
                arguments(image("\"url\":\"a\",\"detail\":\"fine\""), Code.INVALID_VALUE, PART + ".image_url.detail"),
                arguments(image("\"url\":\"a\",\"detail\":1"), Code.INVALID_TYPE, PART + ".image_url.detail"),
                arguments(
                        image("\"url\":\"a\",\"max_pixel\":12845057"),
                        Code.INTEGER_ABOVE_MAX_VALUE,
                        PART + ".image_url.max_pixel"),
                arguments(
                        image("\"url\":\"a\",\"max_pixels\":12845057"),
                        Code.INTEGER_ABOVE_MAX_VALUE,
                        PART + ".image_url.max_pixels"),
                arguments(
                        image("\"url\":\"a\",\"min_pixel\":0"),
                        Code.INTEGER_BELOW_MIN_VALUE,
                        PART + ".image_url.min_pixel"),
                arguments(
                        image("\"url\":\"a\",\"min_pixel\":9,\"max_pixel\":8"),
                        Code.INVALID_VALUE,
                        PART + ".image_url.min_pixels"),
                arguments(
                        image("\"url\":\"a\",\"max_pixel\":9,\"max_pixels\":8"),
                        Code.INVALID_VALUE,
                        PART + ".image_url.max_pixel"),
                arguments(
                        image("\"url\":\"a\",\"resized_width\":28"),
                        Code.UNSUPPORTED_PARAMETER,
                        PART + ".image_url.resized_width"),
                arguments("{\"type\":\"image\"}", Code.MISSING_REQUIRED_PARAMETER, PART + ".image"),
                arguments(
                        "{\"type\":\"image\",\"image\":\"a\",\"max_pixels\":1.5}",
                        Code.INVALID_TYPE,
                        PART + ".max_pixels"),
                arguments(
                        video("\"url\":\"a.mp4\",\"fps\":2,\"nframes\":8"),
                        Code.INVALID_VALUE,
                        PART + ".video_url.nframes"),
                arguments(video("\"url\":\"a.mp4\",\"fps\":0"), Code.DECIMAL_BELOW_MIN_VALUE, PART + ".video_url.fps"),
                arguments(video("\"url\":\"a.mp4\",\"fps\":-1"), Code.DECIMAL_BELOW_MIN_VALUE, PART + ".video_url.fps"),
                arguments(video("\"url\":\"a.mp4\",\"fps\":\"2\""), Code.INVALID_TYPE, PART + ".video_url.fps"),
                arguments(
                        video("\"url\":\"a.mp4\",\"nframes\":1"),
                        Code.INTEGER_BELOW_MIN_VALUE,
                        PART + ".video_url.nframes"),
                arguments(
                        video("\"url\":\"a.mp4\",\"max_frames\":769"),
                        Code.INTEGER_ABOVE_MAX_VALUE,
                        PART + ".video_url.max_frames"),
                arguments(
                        video("\"url\":\"a.mp4\",\"min_frames\":9,\"max_frames\":8"),
                        Code.INVALID_VALUE,
                        PART + ".video_url.min_frames"),
                arguments(
                        video("\"url\":\"a.mp4\",\"video_start\":2,\"video_end\":1"),
                        Code.INVALID_VALUE,
                        PART + ".video_url.video_end"),
                arguments(
                        video("\"url\":\"a.mp4\",\"resized_width\":28"),
                        Code.UNSUPPORTED_PARAMETER,
                        PART + ".video_url.resized_width"),
                arguments(
                        video("\"url\":\"data:video/jpeg;base64," + "A,".repeat(768) + "A\""),
                        Code.ARRAY_ABOVE_MAX_LENGTH,
                        PART + ".video_url.url"),
                arguments(video("\"url\":5"), Code.INVALID_TYPE, PART + ".video_url.url"),
                arguments(video("\"url\":[]"), Code.EMPTY_ARRAY, PART + ".video_url.url"),
                arguments(video("\"url\":[\"a\",5]"), Code.INVALID_TYPE, PART + ".video_url.url[1]"),
                arguments(
                        video("\"url\":[" + String.join(",", Collections.nCopies(769, "\"a\"")) + "]"),
                        Code.ARRAY_ABOVE_MAX_LENGTH,
                        PART + ".video_url.url"),
                arguments(video("\"url\":[\"a\"],\"fps\":0"), Code.DECIMAL_BELOW_MIN_VALUE, PART + ".video_url.fps"),
                arguments(
                        video("\"url\":[\"a\"],\"max_frames\":769"),
                        Code.INTEGER_ABOVE_MAX_VALUE,
                        PART + ".video_url.max_frames"),
                arguments(
                        video("\"url\":[\"a\"],\"total_pixels\":100352001"),
                        Code.INTEGER_ABOVE_MAX_VALUE,
                        PART + ".video_url.total_pixels"),
                arguments(
                        video("\"url\":[\"a\"],\"video_start\":1"),
                        Code.UNSUPPORTED_PARAMETER,
                        PART + ".video_url.video_start"),
                arguments(
                        "{\"type\":\"video\",\"video\":\"a.mp4\",\"total_pixels\":0}",
                        Code.INTEGER_BELOW_MIN_VALUE,
                        PART + ".total_pixels"),
                arguments(
                        String.join(",", Collections.nCopies(4, IMAGE)),
                        Code.IMAGE_LIMIT_EXCEEDED,
                        "messages[0].content[3].image_url"),
                arguments(VIDEO + "," + VIDEO, Code.VIDEO_LIMIT_EXCEEDED, "messages[0].content[1].video_url"));
    }

    @ParameterizedTest
    @MethodSource("partsAtFault")
    void aPartAtFaultIsNamed(String parts, Code code, String param) {
        assertRejected(bodyOfParts(parts), code, param);
    }

    static Stream<Arguments> envelopesAtFault() {
        return Stream.of(
                arguments(
                        "\"method\":\"POST\",\"url\":\"/v1/chat/completions\"",
                        "custom_id",
                        Code.MISSING_REQUIRED_PARAMETER),
                arguments(envelope("5", "POST", "/v1/chat/completions"), "custom_id", Code.INVALID_TYPE),
                arguments(envelope("\"\"", "POST", "/v1/chat/completions"), "custom_id", Code.INVALID_VALUE),
                arguments(
                        envelope("\"" + "x".repeat(513) + "\"", "POST", "/v1/chat/completions"),
                        "custom_id",
                        Code.STRING_ABOVE_MAX_LENGTH),
                arguments(envelope("\"a\"", "GET", "/v1/chat/completions"), "method", Code.INVALID_VALUE),
                arguments(envelope("\"a\"", "POST", "/v1/embeddings"), "url", Code.INVALID_VALUE),
                arguments("\"custom_id\":\"a\",\"method\":\"POST\"", "url", Code.MISSING_REQUIRED_PARAMETER));
    }

    @ParameterizedTest
    @MethodSource("envelopesAtFault")
    void anEnvelopeAtFaultIsNamed(String fields, String param, Code code) {
        assertRejected("{" + fields + ",\"body\":" + bodyWith("") + "}", code, param);
    }

    @Test
    void anEnvelopeWithoutABodyOrWithAStringForOneIsRefused() {
        String envelope = envelope("\"a\"", "POST", "/v1/chat/completions");

        assertRejected("{" + envelope + "}", Code.MISSING_REQUIRED_PARAMETER, "body");
        assertRejected("{" + envelope + ",\"body\":\"{}\"}", Code.INVALID_TYPE, "body");
    }

    @Test
    void aStrictJobRefusesWhatNobodyKnows() {
        RequestRules strict = new RequestRules(
                Requests.RULES.servedModelNames(),
                Strictness.STRICT,
                Requests.RULES.imagePixels(),
                Requests.RULES.mediaPerPrompt(),
                Requests.RULES.defaults(),
                0,
                1024);

        Rejection field = Requests.rejection(Requests.validate(strict, bodyWith("\"colour\":1")));
        Rejection longField =
                Requests.rejection(Requests.validate(strict, bodyWith("\"" + "😀".repeat(1000) + "\\ud800\":1")));
        Rejection inPart = Requests.rejection(
                Requests.validate(strict, bodyOfParts("{\"type\":\"text\",\"text\":\"a\",\"size\":1}")));

        assertThat(longField.param()).contains("😀".repeat(300));
        assertThat(field.code()).isEqualTo(Code.UNKNOWN_PARAMETER);
        assertThat(field.param()).contains("colour");
        assertThat(inPart.param()).contains(PART + ".size");
        assertThat(Requests.value(Requests.validate(strict, bodyWith("\"user\":\"u\",\"colour\":null")))
                        .warnings())
                .hasSize(1);
    }

    private static void assertRejected(String json, Code code, String param) {
        Rejection rejection = Requests.rejection(Requests.validate(Requests.RULES, json));

        assertThat(rejection.code()).as(rejection.message()).isEqualTo(code);
        assertThat(rejection.param()).contains(param);
        assertThat(rejection.message()).isNotBlank().hasSizeLessThanOrEqualTo(300);
    }

    private static String message(String fields) {
        return "{\"messages\":[{" + fields + "}]}";
    }

    private static String image(String fields) {
        return "{\"type\":\"image_url\",\"image_url\":{" + fields + "}}";
    }

    private static String video(String fields) {
        return "{\"type\":\"video_url\",\"video_url\":{" + fields + "}}";
    }

    private static String envelope(String customId, String method, String url) {
        return "\"custom_id\":" + customId + ",\"method\":\"" + method + "\",\"url\":\"" + url + "\"";
    }
}
