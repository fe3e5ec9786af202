package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;

/**
 * A schema, and where in the whole it stands.
 *
 * @param path as {@code .properties.age}
 */
record Located(JsonNode node, String path) {
    Located field(String name) {
        return new Located(node.get(name), path + "." + name);
    }

    Located element(int index) {
        return new Located(node.get(index), path + "[" + index + "]");
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** A number of things, or what holds where none is given. */
    int count(String name, int absent) throws UnsupportedGrammarException {
        if (!has(name)) {
            return absent;
        }
        JsonNode value = node.get(name);
        if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() != Math.rint(value.doubleValue())) {
            throw field(name).refused("expected a count, found " + Described.value(value));
        }
        return (int) Math.min(value.doubleValue(), Integer.MAX_VALUE);
    }

    UnsupportedGrammarException refused(String message) {
        return new UnsupportedGrammarException(path, message);
    }
}
