package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.ObjectMappers;
import com.openai.models.ErrorObject;
import com.openai.models.chat.completions.ChatCompletion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the files of {@code --output-format openai-batch} as OpenAI's own client does. */
final class BatchOutputTest {
    @TempDir
    private Path folder;

    @Test
    void everyLineIsOfOpenAisTypes() throws IOException {
        List<String> lines = new ArrayList<>(Reference.linesWithLogprobs());
        int answers = lines.size();
        lines.add("{\"custom_id\":\"no-body\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\"}");
        lines.add("not JSON");
        Path requests = Files.write(folder.resolve("requests.jsonl"), lines);
        Path output = folder.resolve("output");

        assertThat(Job.run(Job.generate(requests, output, "--output-format", "openai-batch")))
                .isZero();

        List<JsonNode> answered = results(output.resolve("output.jsonl"));
        assertThat(answered).hasSize(answers).allSatisfy(result -> {
            ChatCompletion completion = body(result, ChatCompletion.class);
            completion.validate();
            assertThat(completion._additionalProperties()).isEmpty();
            assertThat(completion.choices()).singleElement().satisfies(choice -> assertThat(choice.logprobs())
                    .isPresent());
            assertThat(completion.usage()).isPresent();
        });
        List<JsonNode> refused = results(output.resolve("errors.jsonl"));
        assertThat(refused).hasSize(2).allSatisfy(result -> {
            ErrorObject error = ObjectMappers.jsonMapper()
                    .convertValue(result.at("/response/body/error"), ErrorObject.class)
                    .validate();
            assertThat(error.message()).isNotBlank();
            assertThat(error._additionalProperties()).isEmpty();
        });
        assertThat(refused)
                .map(result -> result.get("custom_id").textValue())
                .containsExactly("no-body", "requests.jsonl:" + (Files.size(requests) - "not JSON\n".length()));
    }

    private static <T> T body(JsonNode result, Class<T> type) {
        assertThat(result.at("/response/status_code").intValue()).isEqualTo(200);
        return ObjectMappers.jsonMapper().convertValue(result.at("/response/body"), type);
    }

    private static List<JsonNode> results(Path file) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            results.add(Reference.JSON.readTree(line));
        }
        return results;
    }
}
