package io.sparkvlm.preprocessing.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.preprocessing.Requests;
import org.junit.jupiter.api.Test;

class ChatCodecTest {
    private static final String EVERYTHING = "{\"model\":\"alias\",\"messages\":["
            + "{\"role\":\"system\",\"content\":\"sys \\u0000 \\\" 😀\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\"},"
            + "{\"type\":\"image\",\"image\":\"data:image/png;base64,AAAA\"},{\"type\":\"video\",\"video\":[\"f\"]}]},"
            + "{\"role\":\"assistant\",\"content\":null}],\"temperature\":0.1,\"top_p\":0.2,\"top_k\":3,\"min_p\":0.4,"
            + "\"frequency_penalty\":0.5,\"presence_penalty\":0.6,\"repetition_penalty\":1.7,"
            + "\"seed\":9223372036854775807,\"logprobs\":true,\"top_logprobs\":5,\"max_tokens\":6,\"min_tokens\":2,"
            + "\"stop\":[\"a\"],\"stop_token_ids\":[9,8],\"ignore_eos\":true,\"skip_special_tokens\":false}";

    @Test
    void whatIsReadBackIsWhatWasWritten() {
        for (String json : new String[] {EVERYTHING, Requests.bodyWith("")}) {
            Chat chat = Requests.valid(json).chat();

            assertThat(ChatCodec.decode(ChatCodec.encode(chat))).isEqualTo(chat);
        }
    }

    @Test
    void mediaAreNotWrittenAgain() {
        assertThat(ChatCodec.encode(Requests.valid(EVERYTHING).chat())).doesNotContain("base64");
    }

    @Test
    void theParametersInForceAreWrittenUnderTheirOwnNames() {
        String params = DecodingCodec.encode(
                Requests.valid(Requests.bodyWith("\"seed\":1")).chat().decoding());

        assertThat(params)
                .isEqualTo("{\"max_completion_tokens\":4096,\"min_tokens\":0,\"temperature\":1.0,\"top_p\":1.0,"
                        + "\"top_k\":0,\"min_p\":0.0,\"frequency_penalty\":0.0,\"presence_penalty\":0.0,"
                        + "\"repetition_penalty\":1.0,\"seed\":1,\"logprobs\":false,\"stop\":[],"
                        + "\"stop_token_ids\":[],\"ignore_eos\":false,\"skip_special_tokens\":true}");
    }

    @Test
    void whatWasNotWrittenHereIsNotRead() {
        assertThatThrownBy(() -> ChatCodec.decode("{")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChatCodec.decode("{\"messages\":[]}")).isInstanceOf(IllegalArgumentException.class);
    }
}
