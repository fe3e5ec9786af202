package io.sparkvlm.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.List;
import java.util.Optional;

/**
 * The model's names as OpenAI lists models.
 *
 * @param createdSeconds since 1970, when the server was opened
 * @param maxModelLen tokens of a prompt and its answer, under vLLM's name
 */
record ModelList(List<String> names, long createdSeconds, int maxModelLen) {
    String json() {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("object", "list");
        ArrayNode models = list.putArray("data");
        names.forEach(name -> models.add(model(name)));
        return OpenAiJson.write(list);
    }

    /** One of them; empty where none has the name. */
    Optional<String> json(String name) {
        return names.contains(name) ? Optional.of(OpenAiJson.write(model(name))) : Optional.empty();
    }

    private ObjectNode model(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", createdSeconds)
                .put("owned_by", "sparkvlm")
                .put("max_model_len", maxModelLen);
    }
}
