package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The wrapping of a Batch line, as it came; the body in it is the {@link ChatCompletionRequest}.
 *
 * @param line an object with custom_id, method, url and body
 */
public record BatchEnvelope(WireValue line) {
    /** The longest custom_id that is taken, in code points. */
    public static final int MAX_CUSTOM_ID_LENGTH = 512;

    /** The custom_id if it is text, judged or not: an error row needs it as much as an answer does. A longer one is cut. */
    public Optional<String> customId() {
        return text().map(BatchEnvelope::shown);
    }

    /**
     * The custom_id where nothing had to be cut or replaced, so that equal ones stand for equal ones of the requests.
     */
    public Optional<String> exactCustomId() {
        return text().filter(BatchEnvelope::isExact);
    }

    private Optional<String> text() {
        return line.field("custom_id")
                .map(WireValue::node)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    static boolean isExact(String id) {
        return id.equals(shown(id));
    }

    private static String shown(String id) {
        return WireText.wellFormed(WireText.atMost(MAX_CUSTOM_ID_LENGTH, id));
    }
}
