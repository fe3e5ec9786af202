package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * An answer: OpenAI's chat.completion object.
 *
 * @param id chatcmpl-…
 * @param createdSeconds since 1970
 * @param model as the request named it
 * @param choices at least one, in the order of their indexes
 */
public record ChatCompletion(String id, long createdSeconds, String model, List<Choice> choices, Usage usage) {
    public ChatCompletion {
        choices = List.copyOf(choices);
    }

    /**
     * One of the texts that were asked for.
     *
     * @param finishReason {@code stop} or {@code length}
     * @param logprobs present when the request asked for them
     */
    public record Choice(String content, String finishReason, Optional<List<TokenLogprob>> logprobs) {
        public Choice {
            logprobs = logprobs.map(List::copyOf);
        }

        private void write(int index, ObjectNode node) {
            node.put("index", index);
            ObjectNode message = node.putObject("message");
            message.put("role", "assistant");
            message.put("content", content);
            message.putNull("refusal");
            TokenLogprob.write(logprobs, node);
            node.put("finish_reason", finishReason);
        }
    }

    /** The object as OpenAI writes it: its fields, its order. */
    public String toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("id", id);
        root.put("object", "chat.completion");
        root.put("created", createdSeconds);
        root.put("model", model);
        ArrayNode array = root.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            choices.get(i).write(i, array.addObject());
        }
        root.set("usage", usage.toJson());
        return OpenAiJson.write(root);
    }

    /**
     * The tokens that were read and written.
     *
     * @param prompt the vision tokens included
     * @param completion of all choices, those that ended them included
     * @param cached prompt tokens that were not computed again
     */
    public record Usage(int prompt, int completion, int cached) {
        public int total() {
            return prompt + completion;
        }

        ObjectNode toJson() {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("prompt_tokens", prompt);
            node.put("completion_tokens", completion);
            node.put("total_tokens", total());
            node.putObject("prompt_tokens_details").put("cached_tokens", cached);
            return node;
        }
    }
}
