package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.sparkvlm.grammar.automaton.Grammar;
import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.Rule;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.grammar.schema.Members.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the objects of a schema: its properties in their order, then others, if the schema says that there may be some, or says
 * nothing of any property.
 */
final class ObjectRules {
    private static final int MAX_NAME_LENGTH = 1_000;

    private final SchemaCompiler compiler;
    private final JsonRules json;

    ObjectRules(SchemaCompiler compiler, JsonRules json) {
        this.compiler = compiler;
        this.json = json;
    }

    Part part(Located schema) throws UnsupportedGrammarException {
        Map<String, Located> properties = properties(schema);
        Set<String> required = required(schema);
        for (String name : required) {
            if (!properties.containsKey(name)) {
                properties.put(name, undeclared(schema));
            }
        }
        List<Member> known = new ArrayList<>();
        for (Map.Entry<String, Located> property : properties.entrySet()) {
            if (property.getKey().length() > MAX_NAME_LENGTH) {
                throw schema.field("properties")
                        .refused("expected names of at most " + MAX_NAME_LENGTH + " characters");
            }
            known.add(new Member(
                    json.member(JsonRules.text(property.getKey()), compiler.value(property.getValue())),
                    required.contains(property.getKey())));
        }
        Optional<Part> others = others(schema, properties.keySet());
        int min = schema.count("minProperties", 0);
        int max = schema.count("maxProperties", Integer.MAX_VALUE);
        if (min > max) {
            return Part.NEVER;
        }
        if (known.isEmpty() && others.isPresent()) {
            return json.braces(counted(others.get(), min, max), min == 0);
        }
        if (min > required.size() || max < known.size() || (others.isPresent() && max < Integer.MAX_VALUE)) {
            throw schema.field(min > required.size() ? "minProperties" : "maxProperties")
                    .refused("a number of properties beside optional ones is not supported");
        }
        return json.braces(new Members(known, others, json.comma(), json.space()));
    }

    private Part counted(Part member, int min, int max) {
        if (max == 0) {
            return Part.NEVER;
        }
        Part next = Part.sequence(json.comma(), member);
        return Part.sequence(
                member,
                max == Integer.MAX_VALUE
                        ? next.repeated(Math.max(0, min - 1))
                        : next.repeated(Math.max(0, min - 1), max - 1));
    }

    private static Map<String, Located> properties(Located schema) throws UnsupportedGrammarException {
        Map<String, Located> properties = new LinkedHashMap<>();
        if (schema.has("properties")) {
            Located all = schema.field("properties");
            if (!all.node().isObject()) {
                throw all.refused("expected an object of schemas, found " + Described.value(all.node()));
            }
            for (Map.Entry<String, JsonNode> property : all.node().properties()) {
                properties.put(property.getKey(), all.field(property.getKey()));
            }
        }
        return properties;
    }

    private static Set<String> required(Located schema) throws UnsupportedGrammarException {
        Set<String> required = new LinkedHashSet<>();
        if (schema.has("required")) {
            JsonNode names = schema.node().get("required");
            if (!names.isArray()) {
                throw schema.field("required").refused("expected an array of names, found " + Described.value(names));
            }
            names.forEach(name -> required.add(name.asText()));
        }
        return required;
    }

    /** What a property must be that is wanted and not declared. */
    private static Located undeclared(Located schema) throws UnsupportedGrammarException {
        if (schema.has("patternProperties")
                && !schema.node().get("patternProperties").isEmpty()) {
            throw schema.field("required").refused("a name that is only among 'patternProperties' is not supported");
        }
        return schema.has("additionalProperties")
                ? schema.field("additionalProperties")
                : new Located(BooleanNode.TRUE, schema.path() + ".required");
    }

    /** A member that is not declared, where there may be one. */
    private Optional<Part> others(Located schema, Set<String> names) throws UnsupportedGrammarException {
        boolean patterns = schema.has("patternProperties")
                && !schema.node().get("patternProperties").isEmpty();
        JsonNode additional = schema.node().path("additionalProperties");
        if (patterns) {
            if (!additional.isMissingNode() && !(additional.isBoolean() && !additional.booleanValue())) {
                throw schema.field("additionalProperties")
                        .refused("'additionalProperties' beside 'patternProperties' is not supported");
            }
            return Optional.of(matching(schema.field("patternProperties"), names));
        }
        if (additional.isMissingNode()) {
            return names.isEmpty() && !schema.has("properties")
                    ? Optional.of(json.member(json.string(), compiler.anyValue()))
                    : Optional.empty();
        }
        if (additional.isBoolean() && !additional.booleanValue()) {
            return Optional.empty();
        }
        Part name = names.isEmpty() ? json.string() : json.rule(new OtherNames(names));
        return Optional.of(json.member(name, compiler.value(schema.field("additionalProperties"))));
    }

    private Part matching(Located patterns, Set<String> names) throws UnsupportedGrammarException {
        if (patterns.node().size() > 1) {
            throw patterns.refused("more than one pattern in 'patternProperties' is not supported");
        }
        String pattern = patterns.node().fieldNames().next();
        Part name = JsonRules.string(StringRules.within(pattern, patterns));
        for (String known : names) {
            if (isMatched(known, name)) {
                throw patterns.refused("a pattern that a declared property's name matches is not supported");
            }
        }
        return json.member(json.rule(name), compiler.value(patterns.field(pattern)));
    }

    private static boolean isMatched(String known, Part name) {
        Nfa nfa = new Nfa();
        Rule root = nfa.rule();
        nfa.define(root, name);
        return new Grammar(nfa, root).matches(JsonRules.quoted(known));
    }
}
