package io.sparkvlm.preprocessing.request.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.Arrays;
import java.util.List;

/**
 * A field that would change the answer and is not honoured.
 *
 * @param asksForNothing its values with which the answer is what it is without the field, beside null
 */
record RefusedField(String name, List<JsonNode> asksForNothing) {
    /** @param values in JSON */
    static RefusedField but(String name, String... values) {
        return new RefusedField(
                name, Arrays.stream(values).map(RefusedField::json).toList());
    }

    private static JsonNode json(String value) {
        try {
            return OpenAiJson.read(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected JSON, found " + value, e);
        }
    }

    boolean refuses(JsonNode value) {
        return !asksForNothing.contains(value);
    }
}
