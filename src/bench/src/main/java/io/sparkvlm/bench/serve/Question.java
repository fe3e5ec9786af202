package io.sparkvlm.bench.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.bench.LetterWords;

/** A request of text whose answer has as many tokens as it says, because no token ends it. */
record Question(int seed, int promptTokens, int completionTokens) {
    /** The body of a chat completion. */
    String body(boolean stream) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("messages").addObject().put("role", "user").put("content", LetterWords.of(seed, promptTokens));
        body.put("max_completion_tokens", completionTokens)
                .put("temperature", 0)
                .put("ignore_eos", true);
        if (stream) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return body.toString();
    }
}
