package io.sparkvlm.preprocessing.request.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sampling parameters that a job gives its requests where they are silent, under the names that requests have for
 * them.
 *
 * @param json an object of some of {@link #fields}; their values are judged as those of a request
 */
public record JobSampling(String json) implements Serializable {
    public static final JobSampling NONE = new JobSampling("{}");

    private static final String MAX_TOKENS = "max_completion_tokens";
    private static final String MAX_TOKENS_BEFORE = "max_tokens";
    private static final String MIN_TOKENS = "min_tokens";
    private static final String LOGPROBS = "logprobs";

    public static JobSampling of(Map<String, JsonNode> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach(object::set);
        return new JobSampling(OpenAiJson.write(object));
    }

    /** The names of a request's fields that a job can give. */
    public static List<String> fields() {
        return FieldPolicy.sampling();
    }

    /** The values in JSON, by the names of the fields. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        parsed().properties().forEach(field -> values.put(field.getKey(), OpenAiJson.write(field.getValue())));
        return values;
    }

    ObjectNode parsed() {
        try {
            return (ObjectNode) OpenAiJson.read(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected sampling parameters as JSON", e);
        }
    }

    /** A body with a job's parameters where it has none of its own, and where they agree with those that it has. */
    static WireValue beneath(WireValue body, ObjectNode job) {
        if (job.isEmpty()) {
            return body;
        }
        ObjectNode both = JsonNodeFactory.instance.objectNode().setAll((ObjectNode) body.node());
        job.properties().forEach(parameter -> {
            if (body.field(parameter.getKey()).isEmpty() && agrees(parameter.getKey(), body)) {
                both.set(parameter.getKey(), parameter.getValue());
            }
        });
        JsonNode most = both.path(both.hasNonNull(MAX_TOKENS) ? MAX_TOKENS : MAX_TOKENS_BEFORE);
        if (body.field(MIN_TOKENS).isEmpty()
                && most.isInt()
                && both.path(MIN_TOKENS).asInt() > most.intValue()) {
            both.set(MIN_TOKENS, most);
        }
        return new WireValue(body.path(), both);
    }

    /** Whether no other field of the body says the opposite. */
    private static boolean agrees(String parameter, WireValue body) {
        return switch (parameter) {
            case MAX_TOKENS -> body.field(MAX_TOKENS_BEFORE).isEmpty();
            case MAX_TOKENS_BEFORE -> body.field(MAX_TOKENS).isEmpty();
            case "top_logprobs" ->
                body.field(LOGPROBS)
                        .filter(wanted -> !wanted.node().asBoolean())
                        .isEmpty();
            default -> true;
        };
    }
}
