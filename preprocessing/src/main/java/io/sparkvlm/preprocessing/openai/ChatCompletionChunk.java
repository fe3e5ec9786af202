package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.preprocessing.openai.ChatCompletion.Usage;
import java.util.List;
import java.util.Optional;

/**
 * Writes the parts of one choice of an answer: OpenAI's chat.completion.chunk objects, equal in all but what they say of it.
 *
 * @param id chatcmpl-…
 * @param createdSeconds since 1970
 * @param model as the request named it
 * @param delivery whether the usage follows; every part has the field then
 * @param index of the choice
 */
public record ChatCompletionChunk(String id, long createdSeconds, String model, Delivery delivery, int index) {
    /** The first part, which says who speaks. */
    public String role() {
        ObjectNode root = root();
        ObjectNode delta = choice(root, Optional.empty(), Optional.empty());
        delta.put("role", "assistant");
        delta.put("content", "");
        delta.putNull("refusal");
        return OpenAiJson.write(root);
    }

    /** A piece of the text. */
    public String content(String text, Optional<List<TokenLogprob>> logprobs) {
        ObjectNode root = root();
        choice(root, logprobs, Optional.empty()).put("content", text);
        return OpenAiJson.write(root);
    }

    /** The last part of the choice. */
    public String end(String finishReason) {
        ObjectNode root = root();
        choice(root, Optional.empty(), Optional.of(finishReason));
        return OpenAiJson.write(root);
    }

    /** What follows the last part of the last choice, where it was asked for. */
    public String usage(Usage usage) {
        ObjectNode root = root();
        root.putArray("choices");
        root.set("usage", usage.toJson());
        return OpenAiJson.write(root);
    }

    private ObjectNode root() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("id", id);
        root.put("object", "chat.completion.chunk");
        root.put("created", createdSeconds);
        root.put("model", model);
        if (delivery.hasUsage()) {
            root.putNull("usage");
        }
        return root;
    }

    /** Adds the one choice, and gives its delta. */
    private ObjectNode choice(ObjectNode root, Optional<List<TokenLogprob>> logprobs, Optional<String> finishReason) {
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", index);
        ObjectNode delta = choice.putObject("delta");
        TokenLogprob.write(logprobs, choice);
        choice.put("finish_reason", finishReason.orElse(null));
        return delta;
    }
}
