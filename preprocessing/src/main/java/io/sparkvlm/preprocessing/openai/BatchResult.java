package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of one request of a Batch: a line of OpenAI's output file, or of its error file.
 *
 * @param requestId tells results apart, and is the same on every run
 * @param statusCode as HTTP
 * @param body the chat.completion, or what {@link #errorBody} writes: JSON of one line
 */
public record BatchResult(String requestId, String customId, int statusCode, String body) {
    public BatchResult {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(body, "body");
    }

    /** The line as OpenAI writes it: its fields, its order, no line's end. */
    public String toJson() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("id", "batch_req_" + requestId);
        line.put("custom_id", customId);
        line.putObject("response")
                .put("status_code", statusCode)
                .put("request_id", requestId)
                .putRawValue("body", new RawValue(body));
        line.putNull("error"); // OpenAI's word for a request that was never tried, as in a batch that expired
        return OpenAiJson.write(line);
    }

    /** The body of an answer that is an error, as OpenAI's server sends it. */
    public static String errorBody(String message, String type, Optional<String> param, String code) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param.orElse(null))
                .put("code", code);
        return OpenAiJson.write(body);
    }
}
