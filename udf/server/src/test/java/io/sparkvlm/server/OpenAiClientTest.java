package io.sparkvlm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import io.sparkvlm.server.http.ApiKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client reads what the server says. */
final class OpenAiClientTest {
    private static final String NAME_WITH_SLASH = "Qwen/Qwen2-VL-2B-Instruct";
    private static TestServer server;

    @BeforeAll
    static void open() throws Exception {
        server = TestServer.over(
                () -> FakeEngine.saying("blueSTOPred"),
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        List.of("model", NAME_WITH_SLASH),
                        Optional.of(new ApiKey("k")),
                        List.of(),
                        TestServer.LIMITS,
                        TestServer.engine(8)));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + server.server().port() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder hello() {
        return ChatCompletionCreateParams.builder()
                .model("model")
                .addUserMessage("hello")
                .stop("STOP");
    }

    @Test
    void readsAnAnswer() {
        ChatCompletion answer =
                client("k").chat().completions().create(hello().build()).validate();

        assertThat(answer.choices().get(0).message().content()).contains("blue");
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void readsAStream() {
        ChatCompletionCreateParams asked = hello().streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client("k").chat().completions().createStreaming(asked)) {
            List<ChatCompletionChunk> parts = stream.stream().toList();
            parts.forEach(ChatCompletionChunk::validate);

            assertThat(parts.stream()
                            .flatMap(part -> part.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .collect(Collectors.joining()))
                    .isEqualTo("blue");
            assertThat(parts.get(parts.size() - 1).usage().orElseThrow().completionTokens())
                    .isEqualTo(8);
        }
    }

    @Test
    void readsSeveralChoicesWholeAndStreamed() {
        ChatCompletion answer =
                client("k").chat().completions().create(hello().n(3).build()).validate();
        assertThat(answer.choices())
                .extracting(choice ->
                        choice.index() + " " + choice.message().content().orElseThrow())
                .containsExactly("0 blue", "1 blue", "2 blue");

        try (StreamResponse<ChatCompletionChunk> stream =
                client("k").chat().completions().createStreaming(hello().n(3).build())) {
            Map<Long, String> texts = stream.stream()
                    .flatMap(part -> part.validate().choices().stream())
                    .collect(Collectors.groupingBy(
                            ChatCompletionChunk.Choice::index,
                            Collectors.mapping(
                                    choice -> choice.delta().content().orElse(""), Collectors.joining())));
            assertThat(texts).isEqualTo(Map.of(0L, "blue", 1L, "blue", 2L, "blue"));
        }
    }

    @Test
    void readsTheListOfModels() {
        assertThat(client("k").models().list().items().stream().map(Model::id))
                .containsExactly("model", NAME_WITH_SLASH);
    }

    @Test
    void findsAModelByItsName() {
        assertThat(client("k").models().retrieve(NAME_WITH_SLASH).validate().id())
                .isEqualTo(NAME_WITH_SLASH);
        assertThatThrownBy(() -> client("k").models().retrieve("other"))
                .isInstanceOfSatisfying(NotFoundException.class, error -> assertThat(error.code())
                        .contains("model_not_found"));
    }

    @Test
    void knowsTheErrors() {
        assertThatThrownBy(() -> client("other").models().list()).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> client("k")
                        .chat()
                        .completions()
                        .create(hello().model("other").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> client("k")
                        .chat()
                        .completions()
                        .create(hello().temperature(3.0).build()))
                .isInstanceOfSatisfying(BadRequestException.class, error -> {
                    assertThat(error.code()).contains("decimal_above_max_value");
                    assertThat(error.param()).contains("temperature");
                });
    }
}
