package io.sparkvlm.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A request of a workload; its answer has as many tokens as it says, because no token ends it.
 *
 * @param messages as OpenAI's
 */
record Request(String id, List<JsonNode> messages, int completionTokens, int temperature) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** A line of OpenAI's Batch files. */
    String line() {
        ObjectNode body = JSON.objectNode();
        body.putArray("messages").addAll(messages);
        body.put("max_completion_tokens", completionTokens);
        body.put("temperature", temperature);
        body.put("ignore_eos", true);
        ObjectNode line = JSON.objectNode();
        line.put("custom_id", id).put("method", "POST").put("url", "/v1/chat/completions");
        line.set("body", body);
        return line.toString();
    }

    static JsonNode user(List<JsonNode> parts) {
        ObjectNode message = JSON.objectNode().put("role", "user");
        message.putArray("content").addAll(parts);
        return message;
    }

    static JsonNode assistant(String text) {
        return JSON.objectNode().put("role", "assistant").put("content", text);
    }

    static JsonNode text(String text) {
        return JSON.objectNode().put("type", "text").put("text", text);
    }

    static JsonNode image(String file) {
        ObjectNode part = JSON.objectNode().put("type", "image_url");
        part.putObject("image_url").put("url", file);
        return part;
    }

    static JsonNode video(List<String> frames) {
        ObjectNode part = JSON.objectNode().put("type", "video");
        frames.forEach(part.putArray("video")::add);
        return part;
    }
}
