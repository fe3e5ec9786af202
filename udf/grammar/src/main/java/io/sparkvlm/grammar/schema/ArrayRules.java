package io.sparkvlm.grammar.schema;

import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.util.ArrayList;
import java.util.List;

/** Writes the arrays of a schema: those elements that have a schema of their own, then as many others as may be. */
final class ArrayRules {
    private final SchemaCompiler compiler;
    private final JsonRules json;

    ArrayRules(SchemaCompiler compiler, JsonRules json) {
        this.compiler = compiler;
        this.json = json;
    }

    Part part(Located schema) throws UnsupportedGrammarException {
        int min = schema.count("minItems", 0);
        int max = schema.count("maxItems", Integer.MAX_VALUE);
        if (min > max) {
            return Part.NEVER;
        }
        List<Part> first = new ArrayList<>();
        if (schema.has("prefixItems")) {
            Located prefix = schema.field("prefixItems");
            for (int i = 0; i < Math.min(prefix.node().size(), max); i++) {
                first.add(compiler.value(prefix.element(i)));
            }
        }
        Part rest = Part.NEVER; // where the first ones have schemas, and others none
        if (schema.has("items")) {
            rest = compiler.value(schema.field("items"));
        } else if (first.isEmpty()) {
            rest = compiler.anyValue();
        }
        return json.brackets(elements(first, rest, min, max), min == 0);
    }

    /** At least one element. */
    private Part elements(List<Part> first, Part rest, int min, int max) {
        if (max == 0) {
            return Part.NEVER;
        }
        Part next = Part.sequence(json.comma(), rest);
        if (first.isEmpty()) {
            return Part.sequence(rest, repeated(next, Math.max(0, min - 1), less(max, 1)));
        }
        // From the last one: each may end the array, if there are enough, or a comma leads on.
        Part tail = repeated(next, Math.max(0, min - first.size()), less(max, first.size()));
        for (int i = first.size() - 1; i >= 0; i--) {
            Part element = i == 0 ? first.get(i) : Part.sequence(json.comma(), first.get(i));
            Part onward = Part.sequence(element, tail);
            tail = i == 0 || i < min ? onward : Part.anyOf(onward, Part.EMPTY);
        }
        return tail;
    }

    private static int less(int max, int by) {
        return max == Integer.MAX_VALUE ? max : max - by;
    }

    private static Part repeated(Part part, int min, int max) {
        return max == Integer.MAX_VALUE ? part.repeated(min) : part.repeated(min, max);
    }
}
