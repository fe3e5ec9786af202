package io.sparkvlm.preprocessing.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "{}{}",
                "{} x",
                "nothing",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":\"\u0001\"}",
                "// comment\n{}"
            })
    void whatIsNotOneJsonValueIsRefused(String line) {
        assertThat(Requests.rejection(RequestLine.read(line)).code()).isEqualTo(RequestCode.INVALID_JSON_LINE);
    }

    @Test
    void sixtyFourLevelsAreReadAndOneMoreIsRefused() {
        assertThat(Requests.value(RequestLine.read(nested(64))).envelope()).isEmpty();
        assertThat(Requests.rejection(RequestLine.read(nested(65))).message()).contains("64 levels");
    }

    @Test
    void moreValuesThanAHeapHoldsAreRefused() {
        assertThat(Requests.rejection(RequestLine.read("{\"messages\":[" + "{},".repeat(600_000) + "{}]}"))
                        .code())
                .isEqualTo(RequestCode.INVALID_JSON_LINE);
    }

    @Test
    void aRefusalSaysWhereAndQuotesNothing() {
        String message =
                Requests.rejection(RequestLine.read("{\"secret\": oops}")).message();

        assertThat(message).contains("line 1, column").doesNotContain("secret", "oops", "jackson");
    }

    @Test
    void ofTwoEqualKeysTheLastOneWins() {
        RequestLine line = Requests.value(RequestLine.read("{\"seed\":1,\"seed\":2}"));

        assertThat(line.request().body().field("seed").orElseThrow().node().intValue())
                .isEqualTo(2);
    }

    @Test
    void anImageOfAHundredMebibytesIsOneString() {
        String base64 = "A".repeat(140_000_000);

        RequestLine line = Requests.value(RequestLine.read("{\"messages\":\"" + base64 + "\"}"));

        assertThat(line.request().body().field("messages").orElseThrow().node().textValue())
                .hasSize(base64.length());
    }

    @Test
    void aBatchLineIsToldFromABareBody() {
        RequestLine batch = Requests.value(RequestLine.read("{\"custom_id\":\"a\",\"body\":{\"n\":1}}"));
        RequestLine withoutBody = Requests.value(RequestLine.read("{\"custom_id\":\"a\",\"url\":\"/v1\"}"));
        RequestLine bare = Requests.value(RequestLine.read("{\"messages\":[],\"custom_id\":\"a\"}"));

        assertThat(batch.envelope().orElseThrow().customId()).contains("a");
        assertThat(batch.request().body().field("n").orElseThrow().path()).isEqualTo("n");
        assertThat(withoutBody.envelope()).isPresent();
        assertThat(bare.envelope()).isEmpty();
    }

    @Test
    void nullIsAbsentAndPathsAreOpenAis() {
        WireValue body = Requests.value(RequestLine.read("{\"a\":null,\"b\":[{\"c\":{\"d\":1.5}}]}"))
                .request()
                .body();
        WireValue deep = body.field("b")
                .orElseThrow()
                .element(0)
                .field("c")
                .orElseThrow()
                .field("d")
                .orElseThrow();

        assertThat(body.field("a")).isEmpty();
        assertThat(body.has("a")).isTrue();
        assertThat(deep.path()).isEqualTo("b[0].c.d");
        assertThat(deep.type()).isEqualTo("a decimal number");
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }
}
