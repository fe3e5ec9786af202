package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes one schema of two without combining keywords: what it holds valid, both do. */
final class SchemaMerge {
    private static final List<String> LARGEST =
            List.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final List<String> SMALLEST =
            List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final List<String> EQUAL = List.of("pattern", "format", "prefixItems");

    private final ObjectNode one;
    private final ObjectNode other;
    private final ObjectNode merged = JsonNodeFactory.instance.objectNode();

    private SchemaMerge(ObjectNode one, ObjectNode other) {
        this.one = one;
        this.other = other;
    }

    /** The schema of what both hold valid, of those that stand at a place; empty where nothing is. */
    static Optional<ObjectNode> merged(ObjectNode one, ObjectNode other, Located where)
            throws UnsupportedGrammarException {
        if (one.isEmpty()) {
            return Optional.of(other);
        }
        return other.isEmpty() ? Optional.of(one) : new SchemaMerge(one, other).merged(where);
    }

    private Optional<ObjectNode> merged(Located where) throws UnsupportedGrammarException {
        merged.setAll(one);
        merged.setAll(other);
        for (String keyword : EQUAL) {
            if (inBoth(keyword) && !one.get(keyword).equals(other.get(keyword))) {
                throw where.refused("'" + keyword + "' in two schemas that hold at once is not supported");
            }
        }
        if (clash("prefixItems", "items")) {
            throw where.refused("'prefixItems' beside another schema's 'items' is not supported");
        }
        LARGEST.forEach(keyword -> bound(keyword, 1));
        SMALLEST.forEach(keyword -> bound(keyword, -1));
        if (inBoth("type")) {
            merged.set("type", types());
        }
        if (inBoth("enum")) {
            merged.set("enum", common());
        }
        if (inBoth("items")) {
            merged.set("items", both(one.get("items"), other.get("items")));
        }
        if (inBoth("required")) {
            Set<JsonNode> names = new LinkedHashSet<>();
            one.get("required").forEach(names::add);
            other.get("required").forEach(names::add);
            merged.set("required", JsonNodeFactory.instance.arrayNode().addAll(names));
        }
        if (isOfObjects(one) && isOfObjects(other)) {
            mergeObjects(where);
        }
        boolean impossible = Stream.of("type", "enum")
                .anyMatch(keyword -> merged.has(keyword) && merged.get(keyword).isEmpty());
        return impossible ? Optional.empty() : Optional.of(merged);
    }

    private boolean inBoth(String keyword) {
        return one.has(keyword) && other.has(keyword);
    }

    private boolean clash(String keyword, String another) {
        return (one.has(keyword) && other.has(another)) || (other.has(keyword) && one.has(another));
    }

    private void bound(String keyword, int sign) {
        if (inBoth(keyword)) {
            boolean first = sign
                            * one.get(keyword)
                                    .decimalValue()
                                    .compareTo(other.get(keyword).decimalValue())
                    >= 0;
            merged.set(keyword, first ? one.get(keyword) : other.get(keyword));
        }
    }

    private ArrayNode types() {
        Set<JsonNode> types = new LinkedHashSet<>();
        for (JsonNode type : one.get("type")) {
            for (JsonNode another : other.get("type")) {
                if (type.equals(another)
                        || (type.asText().equals("integer") && another.asText().equals("number"))) {
                    types.add(type);
                } else if (type.asText().equals("number") && another.asText().equals("integer")) {
                    types.add(another);
                }
            }
        }
        return JsonNodeFactory.instance.arrayNode().addAll(types);
    }

    private ArrayNode common() {
        Set<JsonNode> values = new LinkedHashSet<>();
        one.get("enum").forEach(values::add);
        Set<JsonNode> others = new LinkedHashSet<>();
        other.get("enum").forEach(others::add);
        values.retainAll(others);
        return JsonNodeFactory.instance.arrayNode().addAll(values);
    }

    private static boolean isOfObjects(ObjectNode schema) {
        return Keywords.OF_TYPE.get("object").stream().anyMatch(schema::has);
    }

    private void mergeObjects(Located where) throws UnsupportedGrammarException {
        if (!one.path("patternProperties").equals(other.path("patternProperties"))
                && (inBoth("patternProperties")
                        || clash("patternProperties", "properties")
                        || clash("patternProperties", "additionalProperties"))) {
            throw where.refused("'patternProperties' beside another schema's properties is not supported");
        }
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        add(one, other, properties);
        add(other, one, properties);
        if (!properties.isEmpty()) {
            merged.set("properties", properties);
        }
        if (inBoth("additionalProperties")) {
            merged.set(
                    "additionalProperties", both(one.get("additionalProperties"), other.get("additionalProperties")));
        }
    }

    /** Adds a schema's properties with what the other has to say about each. */
    private static void add(ObjectNode schema, ObjectNode another, ObjectNode properties) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode elsewhere = another.path("properties").path(property.getKey());
            if (elsewhere.isMissingNode()) {
                elsewhere = another.path("additionalProperties");
            }
            if (!properties.has(property.getKey())) {
                properties.set(property.getKey(), both(property.getValue(), elsewhere));
            }
        }
    }

    private static JsonNode both(JsonNode schema, JsonNode another) {
        if (another.isMissingNode() || another.equals(schema) || another.equals(BooleanNode.TRUE)) {
            return schema;
        }
        if (schema.isBoolean()) {
            return schema.booleanValue() ? another : schema;
        }
        if (another.isBoolean()) {
            return another;
        }
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.putArray("allOf").add(schema).add(another);
        return both;
    }
}
