package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** Writes a value for a message: on one line, and short. */
final class Described {
    private static final int MAX_LENGTH = 60;

    private Described() {}

    static String value(JsonNode value) {
        String text = value.toString();
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
