package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.grammar.automaton.Grammar;
import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.Rule;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a grammar of a JSON schema: a rule for each of its schemas and each of its types, so that equal ones are one, and those that
 * hold themselves are calls. Alternatives of one type share a rule: tokens are looked up once for each. Used once.
 */
public final class SchemaCompiler {
    static final Set<String> TYPES = Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    private final Alternatives alternatives;
    private final Nfa nfa = new Nfa();
    private final JsonRules json = new JsonRules(nfa);
    private final Map<Set<ObjectNode>, Rule> rules = new HashMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    private SchemaCompiler(JsonNode schema) {
        this.alternatives = new Alternatives(schema);
    }

    /** The grammar of the JSON that the schema holds valid, as far as the page on structured output says. */
    public static Grammar compile(JsonNode schema) throws UnsupportedGrammarException {
        return new SchemaCompiler(schema).compiled(new Located(schema, ""));
    }

    private Grammar compiled(Located schema) throws UnsupportedGrammarException {
        Rule root = nfa.rule();
        nfa.define(root, value(schema));
        while (!pending.isEmpty()) {
            Pending next = pending.remove();
            List<Part> ways = new ArrayList<>();
            for (Located way : next.schemas()) {
                ways.add(typed(way, next.type()));
            }
            nfa.define(next.rule(), Part.anyOf(ways));
        }
        return new Grammar(nfa, root);
    }

    /** A value that a schema holds valid. */
    Part value(Located schema) throws UnsupportedGrammarException {
        Map<String, List<Located>> byType = new LinkedHashMap<>();
        for (Located alternative : alternatives.of(schema)) {
            for (String type : types(alternative)) {
                byType.computeIfAbsent(type, it -> new ArrayList<>()).add(alternative);
            }
        }
        List<Part> ways = new ArrayList<>();
        byType.forEach((type, some) -> ways.add(called(some, type)));
        return ways.isEmpty() ? Part.NEVER : Part.anyOf(ways);
    }

    /** Those that it names, or has keywords of, or all. */
    private static List<String> types(Located schema) {
        List<String> types = new ArrayList<>();
        if (schema.has("enum")) {
            return List.of("enum");
        }
        if (schema.has("type")) {
            schema.node().get("type").forEach(type -> types.add(type.asText()));
            return types;
        }
        Keywords.OF_TYPE.forEach((type, keywords) -> {
            if (keywords.stream().anyMatch(schema::has)) {
                types.add(type);
            }
        });
        return types.isEmpty() ? List.of("any") : types;
    }

    private Part called(List<Located> schemas, String type) {
        Map<ObjectNode, Located> different = new LinkedHashMap<>();
        schemas.forEach(schema -> different.putIfAbsent(decisive(schema, type), schema));
        Rule rule = rules.get(different.keySet());
        if (rule == null) {
            rule = nfa.rule();
            rules.put(different.keySet(), rule);
            pending.add(new Pending(rule, List.copyOf(different.values()), type));
        }
        return Nfa.call(rule);
    }

    /** What of a schema decides which values of the type are valid. */
    private static ObjectNode decisive(Located schema, String type) {
        ObjectNode decisive = JsonNodeFactory.instance.objectNode();
        decisive.put("type", type);
        schema.node().properties().stream()
                .filter(field -> type.equals("enum") || isOf(type, field.getKey()))
                .forEach(field ->
                        decisive.set(field.getKey().equals("type") ? "types" : field.getKey(), field.getValue()));
        return decisive;
    }

    private static boolean isOf(String type, String keyword) {
        return Keywords.OF_TYPE
                .getOrDefault(type.equals("integer") ? "number" : type, List.of())
                .contains(keyword);
    }

    private Part typed(Located schema, String type) throws UnsupportedGrammarException {
        return switch (type) {
            case "enum" -> Literals.of(schema);
            case "object" -> new ObjectRules(this, json).part(schema);
            case "array" -> new ArrayRules(this, json).part(schema);
            case "string" -> StringRules.part(schema, json);
            case "number" -> NumberRules.part(schema, json.number(), false);
            case "integer" -> NumberRules.part(schema, json.integer(), true);
            case "boolean" -> Part.anyOf(Part.ascii("true"), Part.ascii("false"));
            case "null" -> Part.ascii("null");
            default -> json.value();
        };
    }

    /** Any value at all. */
    Part anyValue() {
        return json.value();
    }

    private record Pending(Rule rule, List<Located> schemas, String type) {}
}
