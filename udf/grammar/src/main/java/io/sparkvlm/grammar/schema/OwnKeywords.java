package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.util.Map;

/** Keeps of a schema what itself decides, in the words of the newest draft: notes go, and so does what combines others. */
final class OwnKeywords {
    private OwnKeywords() {}

    static ObjectNode of(Located schema) throws UnsupportedGrammarException {
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : schema.node().properties()) {
            if (Keywords.decides(field.getKey())) {
                own.set(field.getKey(), field.getValue());
            }
        }
        if (schema.has("const")) {
            JsonNode constant = schema.node().get("const");
            ArrayNode values = JsonNodeFactory.instance.arrayNode();
            if (!own.has("enum") || contains(own.get("enum"), constant)) {
                values.add(constant);
            }
            own.set("enum", values);
        }
        if (own.has("type")) {
            own.set("type", types(schema.field("type")));
        }
        if (own.path("items").isArray()) { // before 2020-12
            own.set("prefixItems", own.remove("items"));
            JsonNode rest = own.remove("additionalItems");
            if (rest != null) {
                own.set("items", rest);
            }
        }
        own.remove("additionalItems");
        exclusive(own, "exclusiveMinimum", "minimum");
        exclusive(own, "exclusiveMaximum", "maximum");
        if (schema.node().path("unevaluatedProperties").isBoolean()
                && !schema.node().path("unevaluatedProperties").booleanValue()
                && !own.has("additionalProperties")
                && Keywords.COMBINING.stream().noneMatch(schema::has)) {
            own.put("additionalProperties", false);
        }
        return own;
    }

    private static boolean contains(JsonNode values, JsonNode wanted) {
        for (JsonNode value : values) {
            if (value.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static ArrayNode types(Located type) throws UnsupportedGrammarException {
        ArrayNode types = JsonNodeFactory.instance.arrayNode();
        if (type.node().isArray()) {
            types.addAll((ArrayNode) type.node());
        } else {
            types.add(type.node());
        }
        for (JsonNode name : types) {
            if (!SchemaCompiler.TYPES.contains(name.asText())) {
                throw type.refused("expected the name of a type, found " + Described.value(name));
            }
        }
        return types;
    }

    /** Draft 4 says whether the bound itself is out, later ones name another bound. */
    private static void exclusive(ObjectNode own, String keyword, String bound) {
        if (own.path(keyword).isBoolean()) {
            boolean out = own.remove(keyword).booleanValue();
            if (out && own.has(bound)) {
                own.set(keyword, own.remove(bound));
            }
        }
    }
}
