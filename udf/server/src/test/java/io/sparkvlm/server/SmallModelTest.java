package io.sparkvlm.server;

import static io.sparkvlm.server.TestServer.events;
import static io.sparkvlm.server.TestServer.json;
import static io.sparkvlm.server.TestServer.parts;
import static io.sparkvlm.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.api.Engine;
import io.sparkvlm.engine.BatchingEngine;
import io.sparkvlm.engine.CacheConfig;
import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The engine answers over HTTP as it does in a job. */
final class SmallModelTest {
    private static final Path MODEL = Path.of("../../job/src/main/resources/io/sparkvlm/job/demo/model");
    private static final Path PICTURE = Path.of("../../job/src/main/resources/io/sparkvlm/job/demo/media/card-01.png");

    @Test
    void aStreamOfThePictureIsTheDemosAnswer() throws Exception {
        String picture = Base64.getEncoder().encodeToString(Files.readAllBytes(PICTURE));
        String asked = "\"temperature\":0,\"max_completion_tokens\":96,\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + picture + "\"}},"
                + "{\"type\":\"text\",\"text\":\"What colour is the circle?\"}]}]}";
        Engine engine = BatchingEngine.open(config());
        try (TestServer server = overTheModel(engine)) {
            JsonNode whole = json(server.ask("{" + asked));
            List<JsonNode> parts =
                    events(server.ask("{\"stream\":true,\"stream_options\":{\"include_usage\":true}," + asked));

            // README.md has this answer, as generate gives it.
            assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("The circle is blue.");
            assertThat(text(parts)).isEqualTo("The circle is blue.");
            assertThat(parts.get(parts.size() - 1).at("/usage/completion_tokens"))
                    .isEqualTo(whole.at("/usage/completion_tokens"));
        }
    }

    /** The prompt is longer than a block of the cache, which the choices share. */
    @Test
    void aChoiceIsTheAnswerThatItsSeedHasAloneAndThePromptIsComputedOnce() throws Exception {
        String asked = ",\"max_completion_tokens\":24,\"temperature\":1.5,\"logprobs\":true,\"top_logprobs\":2,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + "a b c ".repeat(20) + "\"}]}";
        Engine engine = BatchingEngine.open(config());
        try (TestServer server = overTheModel(engine)) {
            JsonNode three = json(server.ask("{\"seed\":5,\"n\":3" + asked));
            assertThat(engine.counters().promptTokens())
                    .isLessThan(2 * three.at("/usage/prompt_tokens").asLong());
            List<JsonNode> streamed = events(server.ask("{\"seed\":5,\"n\":3,\"stream\":true" + asked));
            int completionTokens = 0;
            for (int i = 0; i < 3; i++) {
                JsonNode alone = json(server.ask("{\"seed\":" + (5 + i) + asked));
                JsonNode choice = three.at("/choices/" + i);
                assertThat(choice.get("message")).isEqualTo(alone.at("/choices/0/message"));
                assertThat(text(streamed, i))
                        .isEqualTo(choice.at("/message/content").asText());
                assertThat(tokens(choice.at("/logprobs/content")))
                        .isEqualTo(tokens(alone.at("/choices/0/logprobs/content")))
                        .isEqualTo(parts(streamed, i)
                                .flatMap(part -> tokens(part.at("/logprobs/content")).stream())
                                .toList());
                completionTokens += alone.at("/usage/completion_tokens").asInt();
            }
            assertThat(three.at("/usage/completion_tokens").asInt()).isEqualTo(completionTokens);
            assertThat(three.at("/choices/0/message")).isNotEqualTo(three.at("/choices/1/message"));
        }
    }

    private static List<String> tokens(JsonNode logprobs) {
        List<String> tokens = new ArrayList<>();
        logprobs.forEach(token -> tokens.add(token.get("token").asText()));
        return tokens;
    }

    @Test
    void theBlocksOfAClientThatHasGoneAreFree() throws Exception {
        String endless = TestServer.helloWith(
                "\"stream\":true,\"ignore_eos\":true,\"min_tokens\":1000,\"max_completion_tokens\":1000");
        Engine engine = BatchingEngine.open(config());
        try (TestServer server = overTheModel(engine)) {
            try (Socket client = server.connectionAsking(endless)) {
                assertThat(client.getInputStream().read()).isEqualTo('H');
                assertThat(engine.counters().running()).isEqualTo(1);
            }
            while (engine.counters().running() > 0) {
                Thread.onSpinWait();
            }
            assertThat(engine.counters().completionTokens()).isLessThan(1000);
        }
    }

    private static TestServer overTheModel(Engine engine) throws IOException {
        return TestServer.over(
                () -> engine,
                TestServer.settings(TestServer.LIMITS),
                Preprocessor.open(MODEL, PreprocessingConfig.DEFAULT.withMostChoices(TestServer.MOST_CHOICES)));
    }

    private static EngineConfig config() {
        return new EngineConfig(
                MODEL,
                DeviceMesh.of(DeviceSpec.CPU),
                DType.BFLOAT16,
                Quantization.NONE,
                OptionalInt.empty(),
                8,
                2048,
                new CacheConfig(16, OptionalLong.of(64 << 20), PrefixCaching.ON, 0),
                2,
                Optional.empty());
    }
}
