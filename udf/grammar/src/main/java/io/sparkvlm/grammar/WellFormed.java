package io.sparkvlm.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.util.Map;

/** Refuses what no answer can hold: numbers that are none any more as doubles, and halves of characters. */
final class WellFormed {
    private WellFormed() {}

    static void require(JsonNode value) throws UnsupportedGrammarException {
        require(value, "");
    }

    private static void require(JsonNode value, String path) throws UnsupportedGrammarException {
        if (value.isNumber() && !Double.isFinite(value.doubleValue())) {
            throw new UnsupportedGrammarException(path, "expected numbers of less than 1.8e308, found one beyond");
        }
        if (value.isTextual()) {
            requireCharacters(value.textValue(), path);
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            requireCharacters(field.getKey(), path);
            require(field.getValue(), path + "." + field.getKey());
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            require(value.get(i), path + "[" + i + "]");
        }
    }

    private static void requireCharacters(String text, String path) throws UnsupportedGrammarException {
        if (text.codePoints().anyMatch(code -> Character.MIN_SURROGATE <= code && code <= Character.MAX_SURROGATE)) {
            throw new UnsupportedGrammarException(
                    path, "expected whole characters, found a half of a surrogate pair without the other");
        }
    }
}
