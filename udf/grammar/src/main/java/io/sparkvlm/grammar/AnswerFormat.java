package io.sparkvlm.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * What an answer must be, as a request says it.
 *
 * @param value a JSON schema, a string with a regular expression, or an array of strings
 */
public record AnswerFormat(Kind kind, JsonNode value) {
    public AnswerFormat {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(value, "value");
    }

    /** The kinds, by the names that vLLM's {@code structured_outputs} has for them. */
    public enum Kind {
        /** JSON that a schema holds valid. */
        JSON,
        /** A text that a regular expression matches from its start to its end. */
        REGEX,
        /** One of several texts. */
        CHOICE
    }
}
