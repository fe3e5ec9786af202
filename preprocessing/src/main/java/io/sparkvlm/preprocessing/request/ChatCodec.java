package io.sparkvlm.preprocessing.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How does a chat cross from one stage to the next? As compact JSON in the request's own words; what is read back equals
 * what was written, and is not judged again.
 */
public final class ChatCodec {
    private ChatCodec() {}

    /** Writes a chat. */
    public static String encode(Chat chat) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("model", chat.model());
        ArrayNode messages = root.putArray("messages");
        for (ChatMessage message : chat.messages()) {
            ObjectNode node = messages.addObject();
            node.put("role", message.role().wireName());
            node.set("content", message.content().fold(JsonNodeFactory.instance::textNode, ChatCodec::encodeParts));
        }
        root.set("params", DecodingCodec.toTree(chat.decoding()));
        return OpenAiJson.write(root);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    public static Chat decode(String json) {
        try {
            JsonNode root = OpenAiJson.read(json);
            List<ChatMessage> messages = new ArrayList<>();
            for (JsonNode node : root.required("messages")) {
                Role role = Role.valueOf(node.required("role").textValue().toUpperCase(Locale.ROOT));
                messages.add(new ChatMessage(role, decodeContent(node.required("content"))));
            }
            return new Chat(
                    root.required("model").textValue(), messages, DecodingCodec.fromTree(root.required("params")));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a chat as JSON", e);
        }
    }

    private static JsonNode encodeParts(List<ContentPart> parts) {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (ContentPart part : parts) {
            ObjectNode node = nodes.addObject();
            part.<ObjectNode>fold(
                    text -> node.put("type", "text").put("text", text),
                    kind -> node.put("type", kind.name().toLowerCase(Locale.ROOT)));
        }
        return nodes;
    }

    private static MessageContent decodeContent(JsonNode content) {
        if (content.isTextual()) {
            return new MessageContent.Text(content.textValue());
        }
        List<ContentPart> parts = new ArrayList<>();
        for (JsonNode node : content) {
            String type = node.required("type").textValue();
            parts.add(
                    type.equals("text")
                            ? new ContentPart.Text(node.required("text").textValue())
                            : new ContentPart.Media(MediaKind.valueOf(type.toUpperCase(Locale.ROOT))));
        }
        return new MessageContent.Parts(parts);
    }
}
