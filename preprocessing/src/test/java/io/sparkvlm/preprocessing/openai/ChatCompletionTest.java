package io.sparkvlm.preprocessing.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.openai.ChatCompletion.Choice;
import io.sparkvlm.preprocessing.openai.ChatCompletion.Usage;
import io.sparkvlm.preprocessing.openai.TokenLogprob.Candidate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatCompletionTest {
    @Test
    void isWrittenAsOpenAiWritesIt() {
        ChatCompletion completion = new ChatCompletion(
                "chatcmpl-1",
                1_700_000_000,
                "model",
                List.of(new Choice("It is \"so\"\n😀", "stop", Optional.empty())),
                new Usage(20, 5, 16));

        assertThat(completion.toJson())
                .isEqualTo("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,"
                        + "\"model\":\"model\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"It is \\\"so\\\"\\n😀\",\"refusal\":null},\"logprobs\":null,"
                        + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5,"
                        + "\"total_tokens\":25,\"prompt_tokens_details\":{\"cached_tokens\":16}}}");
    }

    @Test
    void aLogprobThatIsNoNumberIsTheLeast() {
        Candidate broken = new Candidate("a", Double.NaN, new byte[] {97});

        assertThat(broken.toJson().get("logprob").doubleValue()).isEqualTo(-9999.0);
    }

    @Test
    void logprobsCarryUnsignedBytesAndNoInfinity() {
        Candidate chosen = new Candidate("\uFFFD", -0.25, new byte[] {(byte) 0xC3});
        Candidate unlikely = new Candidate("a", Double.NEGATIVE_INFINITY, new byte[] {97});
        ChatCompletion completion = new ChatCompletion(
                "chatcmpl-1",
                1,
                "model",
                List.of(new Choice(
                        "é", "length", Optional.of(List.of(new TokenLogprob(chosen, List.of(chosen, unlikely)))))),
                new Usage(1, 1, 0));

        assertThat(completion.toJson())
                .contains("\"logprobs\":{\"content\":[{\"token\":\"\uFFFD\",\"logprob\":-0.25,\"bytes\":[195],"
                        + "\"top_logprobs\":[{\"token\":\"\uFFFD\",\"logprob\":-0.25,\"bytes\":[195]},"
                        + "{\"token\":\"a\",\"logprob\":-9999.0,\"bytes\":[97]}]}],\"refusal\":null}");
    }
}
