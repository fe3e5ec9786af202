package io.sparkvlm.spark.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.time.Instant;

/** Reads a server's chat.completion. */
public final class AnswerBody {
    private AnswerBody() {}

    /**
     * The row's answer, which has the server's words as they came but for {@code created}, or why it is none.
     *
     * @param ended by this machine's clock; servers say when a request came, when its answer ended, or neither
     * @param visionTokens of the prompt, as they were counted here: servers do not say
     */
    public static Outcome<Completion> read(String body, Instant ended, int visionTokens) {
        try {
            JsonNode root = OpenAiJson.read(body);
            JsonNode choice = root.path("choices").path(0);
            if (choice.path("message").isObject()) {
                ((ObjectNode) root).put("created", ended.getEpochSecond());
                return Outcome.ok(completion(root, choice, visionTokens));
            }
        } catch (JsonProcessingException e) { // said below, as of any other page
        }
        return Outcome.rejected(Rejection.of(
                EngineCode.SERVER_ERROR, "expected a chat.completion of the engine's server, found something else"));
    }

    private static Completion completion(JsonNode root, JsonNode choice, int visionTokens) {
        JsonNode usage = root.path("usage");
        return new Completion(
                choice.path("message").path("content").asText(""), // null where a server has put all into other fields
                choice.path("finish_reason").asText(""),
                OpenAiJson.write(root),
                new Completion.Usage(
                        usage.path("prompt_tokens").asInt(),
                        usage.path("completion_tokens").asInt(),
                        usage.path("prompt_tokens_details")
                                .path("cached_tokens")
                                .asInt(),
                        visionTokens));
    }
}
