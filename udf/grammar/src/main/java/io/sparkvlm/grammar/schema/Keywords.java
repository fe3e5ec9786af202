package io.sparkvlm.grammar.schema;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the keywords of schemas are to a grammar. */
final class Keywords {
    /** Of objects, arrays, strings and numbers: where a schema names no type, those it has keywords of are meant. */
    static final Map<String, List<String>> OF_TYPE = Map.of(
            "object",
            List.of(
                    "properties",
                    "required",
                    "additionalProperties",
                    "patternProperties",
                    "minProperties",
                    "maxProperties"),
            "array",
            List.of("items", "prefixItems", "additionalItems", "minItems", "maxItems"),
            "string",
            List.of("minLength", "maxLength", "pattern", "format"),
            "number",
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"));

    /** They combine schemas, and are resolved before one is written as a grammar. */
    static final Set<String> COMBINING = Set.of("$ref", "allOf", "anyOf", "oneOf");

    /** Each would have to be counted or looked back at, which a grammar cannot. */
    static final List<String> REFUSED = List.of(
            "not",
            "if",
            "then",
            "else",
            "contains",
            "minContains",
            "maxContains",
            "propertyNames",
            "dependencies",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedItems",
            "multipleOf",
            "divisibleBy",
            "disallow",
            "extends",
            "$dynamicRef",
            "$recursiveRef");

    private Keywords() {}

    /** Whether a schema's keyword decides what is valid; all others are notes. */
    static boolean decides(String keyword) {
        return keyword.equals("type")
                || keyword.equals("enum")
                || OF_TYPE.values().stream().anyMatch(keywords -> keywords.contains(keyword));
    }
}
