package io.sparkvlm.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.SmartResize;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of a workload; its answer has as many tokens as it says, because no token ends it.
 *
 * @param messages as OpenAI's
 */
record Request(String id, List<JsonNode> messages, int completionTokens, int temperature) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern SIZE = Pattern.compile("(\\d+)x(\\d+)");

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

    /** Patches of each image, and of each pair of a video's frames. */
    List<Integer> patches() {
        List<Integer> patches = new ArrayList<>();
        for (JsonNode message : messages) {
            for (JsonNode part : message.path("content")) {
                if (part.has("image_url")) {
                    patches.add(patches(part.path("image_url").path("url").asText()));
                }
                for (int frame = 0;
                        frame < part.path("video").size();
                        frame += PatchGeometry.QWEN2_VL.temporalPatchFrames()) {
                    patches.add(patches(part.path("video").path(frame).asText()));
                }
            }
        }
        return patches;
    }

    /** Of a file whose name says its size. */
    private static int patches(String file) {
        Matcher size = SIZE.matcher(file);
        if (!size.find()) {
            throw new IllegalStateException("expected a name with a size, found " + file);
        }
        ResizedSize resized = SmartResize.fit(
                Integer.parseInt(size.group(1)),
                Integer.parseInt(size.group(2)),
                PixelBounds.IMAGE_DEFAULT,
                PatchGeometry.QWEN2_VL);
        int side = PatchGeometry.QWEN2_VL.patchPixels();
        return resized.width() / side * (resized.height() / side);
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
