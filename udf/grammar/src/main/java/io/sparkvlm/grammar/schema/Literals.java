package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the values of an enum, each in one way, as far as the rest of their schema has them. */
final class Literals {
    private Literals() {}

    static Part of(Located schema) throws UnsupportedGrammarException {
        Located values = schema.field("enum");
        if (!values.node().isArray()) {
            throw values.refused("expected an array of values, found " + Described.value(values.node()));
        }
        List<byte[]> texts = new ArrayList<>();
        for (JsonNode value : values.node()) {
            if (isValid(value, schema)) {
                texts.add(value.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return Part.oneOf(texts);
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> isWhole(value) ? "integer" : "number";
            case NULL, MISSING -> "null";
        };
    }

    private static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber() || value.doubleValue() == Math.rint(value.doubleValue());
    }

    private static boolean isValid(JsonNode value, Located schema) throws UnsupportedGrammarException {
        String type = typeOf(value);
        if (schema.has("type") && !names(schema, type) && !(type.equals("integer") && names(schema, "number"))) {
            return false;
        }
        if (type.equals("null") || type.equals("boolean")) {
            return true;
        }
        for (String keyword : Keywords.OF_TYPE.get(type.equals("integer") ? "number" : type)) {
            if (schema.has(keyword) && !keyword.equals("format") && !holds(keyword, value, schema)) {
                return false;
            }
        }
        return true;
    }

    private static boolean names(Located schema, String type) {
        for (JsonNode name : schema.node().get("type")) {
            if (name.asText().equals(type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(String keyword, JsonNode value, Located schema) throws UnsupportedGrammarException {
        JsonNode bound = schema.node().get(keyword);
        int length = value.asText().codePointCount(0, value.asText().length());
        return switch (keyword) {
            case "minLength" -> length >= bound.asInt();
            case "maxLength" -> length <= bound.asInt();
            case "minItems", "minProperties" -> value.size() >= bound.asInt();
            case "maxItems", "maxProperties" -> value.size() <= bound.asInt();
            case "minimum" -> compare(value, bound) >= 0;
            case "maximum" -> compare(value, bound) <= 0;
            case "exclusiveMinimum" -> compare(value, bound) > 0;
            case "exclusiveMaximum" -> compare(value, bound) < 0;
            default -> throw schema.field(keyword).refused("'" + keyword + "' beside 'enum' is not supported");
        };
    }

    private static int compare(JsonNode value, JsonNode bound) {
        BigDecimal number = value.decimalValue();
        return number.compareTo(bound.decimalValue());
    }
}
