package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import java.util.Optional;

/**
 * The JSON of a row, which is a Batch line or a bare body.
 *
 * @param envelope present when it is a Batch line
 */
public record RequestLine(Optional<BatchEnvelope> envelope, ChatCompletionRequest request) {
    /** Reads a row; rejected as invalid_json_line when it is not one JSON value, or too deep a one. */
    public static Outcome<RequestLine> read(String json) {
        try {
            JsonNode root = OpenAiJson.readLine(json);
            return root.isMissingNode() ? rejected("expected one JSON object, found nothing") : Outcome.ok(of(root));
        } catch (StreamConstraintsException e) {
            return rejected("expected JSON of at most " + OpenAiJson.MAX_DEPTH
                    + " levels and of numbers and names of ordinary length, found a longer or deeper one");
        } catch (JsonProcessingException e) {
            // Jackson's own message quotes the line and names classes; where it stopped is enough.
            return rejected("expected one JSON object, found what is not JSON"
                    + (e.getLocation() == null
                            ? ""
                            : " at line " + e.getLocation().getLineNr() + ", column "
                                    + e.getLocation().getColumnNr()));
        }
    }

    private static RequestLine of(JsonNode root) {
        WireValue line = new WireValue("", root);
        return isWrapped(line.has("custom_id"), line.has("body"), line.has("messages"))
                ? new RequestLine(
                        Optional.of(new BatchEnvelope(line)),
                        new ChatCompletionRequest(new WireValue("", root.get("body"))))
                : new RequestLine(Optional.empty(), new ChatCompletionRequest(line));
    }

    /** A body always has messages, so a line that names itself but carries none is an envelope without its body. */
    static boolean isWrapped(boolean named, boolean hasBody, boolean hasMessages) {
        return hasBody || (named && !hasMessages);
    }

    private static Outcome<RequestLine> rejected(String message) {
        return Outcome.rejected(Rejection.of(RequestCode.INVALID_JSON_LINE, message));
    }
}
