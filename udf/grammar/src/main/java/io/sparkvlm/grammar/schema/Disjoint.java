package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds out whether two schemas without combining keywords can never hold the same value valid. Where it does not see why, they may. */
final class Disjoint {
    private Disjoint() {}

    static boolean are(JsonNode one, JsonNode other) {
        return typesAre(one, other)
                || valuesAre(one, other)
                || requiredButNotAllowed(one, other)
                || requiredButNotAllowed(other, one)
                || requiredPropertyIs(one, other);
    }

    private static boolean typesAre(JsonNode one, JsonNode other) {
        Optional<Set<String>> types = types(one);
        Optional<Set<String>> others = types(other);
        return types.isPresent() && others.isPresent() && others.get().stream().noneMatch(types.get()::contains);
    }

    /** With each integer counted as a number, too. */
    private static Optional<Set<String>> types(JsonNode schema) {
        Set<String> types = new HashSet<>();
        if (schema.has("type")) {
            JsonNode type = schema.get("type");
            if (type.isTextual()) {
                types.add(type.asText());
            }
            type.forEach(name -> types.add(name.asText()));
        } else if (schema.has("enum")) {
            schema.get("enum").forEach(value -> types.add(Literals.typeOf(value)));
        } else if (schema.has("const")) {
            types.add(Literals.typeOf(schema.get("const")));
        } else {
            return Optional.empty();
        }
        if (types.contains("integer")) {
            types.add("number");
        }
        return Optional.of(types);
    }

    private static boolean valuesAre(JsonNode one, JsonNode other) {
        Set<JsonNode> values = values(one);
        return !values.isEmpty()
                && !values(other).isEmpty()
                && values(other).stream().noneMatch(values::contains);
    }

    private static Set<JsonNode> values(JsonNode schema) {
        Set<JsonNode> values = new HashSet<>();
        schema.path("enum").forEach(values::add);
        if (schema.has("const")) {
            values.add(schema.get("const"));
        }
        return values;
    }

    /** Both are of objects alone, and one wants a property that the other forbids. */
    private static boolean requiredButNotAllowed(JsonNode one, JsonNode other) {
        if (!areObjects(one, other)
                || other.has("patternProperties")
                || !other.path("additionalProperties").isBoolean()
                || other.path("additionalProperties").booleanValue()) {
            return false;
        }
        for (JsonNode name : one.path("required")) {
            if (!other.path("properties").has(name.asText())) {
                return true;
            }
        }
        return false;
    }

    /** Both are of objects alone, and a property that both want is of disjoint schemas. */
    private static boolean requiredPropertyIs(JsonNode one, JsonNode other) {
        if (!areObjects(one, other)) {
            return false;
        }
        Set<JsonNode> required = new HashSet<>();
        other.path("required").forEach(required::add);
        for (JsonNode name : one.path("required")) {
            JsonNode property = one.path("properties").path(name.asText());
            JsonNode another = other.path("properties").path(name.asText());
            if (required.contains(name)
                    && property.isObject()
                    && another.isObject()
                    && (typesAre(property, another) || valuesAre(property, another))) {
                return true;
            }
        }
        return false;
    }

    private static boolean areObjects(JsonNode one, JsonNode other) {
        return types(one).equals(Optional.of(Set.of("object"))) && types(other).equals(Optional.of(Set.of("object")));
    }
}
