package io.sparkvlm.job.input.layout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gives the n-th part {@code {"type": "image"}} of a conversation that names no image the n-th image of its row, and
 * videos in the same way, as TRL and transformers' chat templates do.
 *
 * @param demanded whether messages without such parts are at fault
 */
record MessageMedia(Demand demanded) implements UDF3<String, Seq<String>, Seq<String>, Row> {
    /** Says when a row's media must be in its messages. */
    enum Demand {
        /** A flag names their columns. */
        ALWAYS,
        /** The columns have the names that they usually have. */
        WHERE_PARTS_ARE_OPEN
    }

    @Override
    public Row call(String body, Seq<String> images, Seq<String> videos) {
        JsonNode tree;
        try {
            tree = OpenAiJson.read(body);
        } catch (JsonProcessingException e) {
            return MadeRequest.of(body); // the validator says what is wrong
        }
        List<String> faults = new ArrayList<>();
        fill(tree.path(BodyWriter.MESSAGES), "image", CollectionConverters.asJava(images), faults);
        fill(tree.path(BodyWriter.MESSAGES), "video", CollectionConverters.asJava(videos), faults);
        return faults.isEmpty() ? MadeRequest.of(OpenAiJson.writeAscii(tree)) : MadeRequest.impossible(faults.get(0));
    }

    private void fill(JsonNode messages, String type, List<String> references, List<String> faults) {
        List<ObjectNode> open = open(messages, type);
        if (open.isEmpty() && demanded == Demand.WHERE_PARTS_ARE_OPEN) {
            return;
        }
        if (open.size() != references.size()) {
            faults.add("expected as many parts {\"type\": \"" + type + "\"} in the messages as the row has " + type
                    + "s, " + references.size() + ", found " + open.size());
            return;
        }
        for (int i = 0; i < open.size(); i++) {
            open.get(i).put(type, references.get(i));
        }
    }

    private static List<ObjectNode> open(JsonNode messages, String type) {
        List<ObjectNode> open = new ArrayList<>();
        for (JsonNode message : messages) {
            for (JsonNode part : message.path("content")) {
                boolean named = part.hasNonNull(type) || part.hasNonNull(type + "_url") || part.hasNonNull("url");
                if (part instanceof ObjectNode object
                        && part.path("type").asText().equals(type)
                        && !named) {
                    open.add(object);
                }
            }
        }
        return open;
    }
}
