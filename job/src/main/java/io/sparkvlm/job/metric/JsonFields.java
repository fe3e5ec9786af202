package io.sparkvlm.job.metric;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the values of two JSON texts by their places; numbers are equal when their values are. */
final class JsonFields implements Metric {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Models like to put JSON between these. */
    private static final Pattern FENCED = Pattern.compile("```(?:json)?\\s*(.*?)\\s*```", Pattern.DOTALL);

    @Override
    public double score(String answer, Gold gold) {
        Matcher fenced = FENCED.matcher(answer);
        JsonNode found = read(fenced.find() ? fenced.group(1) : answer);
        return gold.best(right -> share(found, read(right)));
    }

    private static double share(JsonNode found, JsonNode right) {
        Map<JsonPointer, JsonNode> values = new LinkedHashMap<>();
        addValues(JsonPointer.empty(), right, values);
        return values.entrySet().stream()
                .mapToInt(value -> isEqual(found.at(value.getKey()), value.getValue()) ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static void addValues(JsonPointer place, JsonNode node, Map<JsonPointer, JsonNode> values) {
        if (node.isObject() && !node.isEmpty()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                addValues(place.appendProperty(field.getKey()), field.getValue(), values);
            }
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                addValues(place.appendIndex(i), node.get(i), values);
            }
        } else if (!node.isMissingNode()) {
            values.put(place, node);
        }
    }

    private static boolean isEqual(JsonNode found, JsonNode right) {
        if (found.isNumber() && right.isNumber()) {
            return found.decimalValue().compareTo(right.decimalValue()) == 0;
        }
        return found.equals(right);
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
