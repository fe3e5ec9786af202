package io.sparkvlm.job.input.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import org.apache.spark.sql.api.java.UDF3;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Writes the messages that ask a prompt about images and videos: these first, as in Qwen2-VL's own examples.
 *
 * @param system what the model is told beforehand; nothing where it is empty
 */
record PromptMessages(String system) implements UDF3<String, Seq<String>, Seq<String>, String> {
    @Override
    public String call(String prompt, Seq<String> images, Seq<String> videos) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        ArrayNode content = messages.addObject().put("role", "user").putArray("content");
        addTo(content, "image", images);
        addTo(content, "video", videos);
        content.addObject().put("type", "text").put("text", prompt);
        return OpenAiJson.writeAscii(messages);
    }

    private static void addTo(ArrayNode content, String type, Seq<String> references) {
        for (String reference : CollectionConverters.asJava(references)) {
            content.addObject().put("type", type).put(type, reference);
        }
    }
}
