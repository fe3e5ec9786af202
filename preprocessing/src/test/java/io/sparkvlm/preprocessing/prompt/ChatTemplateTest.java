package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.ReferenceCase;
import io.sparkvlm.preprocessing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final List<Map<String, Object>> HELLO = List.of(Map.of("role", "user", "content", "Hello"));

    @TempDir
    private Path folder;

    @Test
    void whatTheTemplateRaisesIsTheRowsRejection() throws IOException {
        Rejection rejection =
                Requests.rejection(render("{{ raise_exception('Roles must alternate, found ' ~ messages[0].role) }}"));

        assertThat(rejection.code()).isEqualTo(RequestCode.INVALID_VALUE);
        assertThat(rejection.param()).contains("messages");
        assertThat(rejection.message()).endsWith("Roles must alternate, found user");
    }

    @Test
    void whatTheTemplateRaisesInsideALoopIsFound() throws IOException {
        Rejection rejection = Requests.rejection(
                render("{% for m in messages %}{% if m.role == 'user' %}{{ raise_exception('no users') }}{% endif %}"
                        + "{% endfor %}"));

        assertThat(rejection.message()).endsWith("no users");
    }

    @Test
    void aTemplateThatFailsIsARejection() throws IOException {
        Rejection rejection = Requests.rejection(render("a\n{{ no_such_function(messages) }}"));

        assertThat(rejection.code()).isEqualTo(RequestCode.INVALID_VALUE);
        assertThat(rejection.message()).endsWith("it fails at its line 2");
    }

    @Test
    void aTemplateWithAnUnknownFilterIsABrokenCheckpoint() {
        assertThatThrownBy(() -> render("{% for m in messages %}{{ m.content | shorten('a|b') }}{% endfor %}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown filter 'shorten'");
    }

    @Test
    void aTemplateThatCannotBeParsedIsABrokenCheckpoint() throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}no end");

        assertThatThrownBy(() -> ChatTemplate.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chat template");
    }

    @Test
    void aCheckpointWithoutATemplateIsBroken() {
        assertThatThrownBy(() -> ChatTemplate.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chat_template.jinja");
    }

    @Test
    void theTemplateMayStandInTokenizerConfig() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\":\"<s>\",\"chat_template\":[{\"name\":\"default\",\"template\":\"{{ bos_token }}!\"}]}");

        assertThat(Requests.value(ChatTemplate.open(folder).render(HELLO))).isEqualTo("<s>!");
    }

    @Test
    void blocksAreTrimmedAndTheLastNewlineIsDroppedAsTransformersDoes() throws IOException {
        String template =
                """
                {%- for m in messages %}
                    {% if true %}
                [{{ m.content | trim }}]
                    {% endif %}
                {% endfor %}
                end
                """;

        assertThat(Requests.value(render(template))).isEqualTo("[Hello]\nend");
    }

    @Test
    void oneTemplateRendersForManyThreads() throws IOException {
        ChatTemplate template = ChatTemplate.open(ReferenceCase.checkpoint("tied"));

        boolean allRight = IntStream.range(0, 400).parallel().allMatch(i -> Requests.value(
                        template.render(List.of(Map.of("role", "user", "content", "row " + i))))
                .endsWith("<|im_start|>user\nrow " + i + "<|im_end|>\n<|im_start|>assistant\n"));

        assertThat(allRight).isTrue();
    }

    private Outcome<String> render(String template) throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return ChatTemplate.open(folder).render(HELLO);
    }
}
