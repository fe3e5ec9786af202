package io.sparkvlm.job.run.summary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.text.VisibleText;
import java.util.Optional;

/** A row with an error, as one of many that have the same. */
public record ErrorExample(String code, String rowId, String message) {
    private static final int MESSAGE_CHARACTERS = 200;

    void write(ObjectNode json) {
        json.put("code", code).put("row_id", rowId).put("message", message);
    }

    /** Reads what {@link #write} wrote; empty where nothing did. */
    static Optional<ErrorExample> parse(JsonNode json) {
        return json.isObject()
                ? Optional.of(new ErrorExample(
                        json.path("code").asText(),
                        json.path("row_id").asText(),
                        json.path("message").asText()))
                : Optional.empty();
    }

    String text() {
        return VisibleText.line(code) + ", as of " + VisibleText.line(rowId) + ": "
                + VisibleText.line(VisibleText.cut(message, MESSAGE_CHARACTERS));
    }
}
