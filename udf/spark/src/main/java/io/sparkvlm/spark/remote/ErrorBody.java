package io.sparkvlm.spark.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.Optional;

/**
 * What a server says is wrong.
 *
 * @param code as the server names it; empty where it names none
 * @param param the field at fault, where the server names it
 */
record ErrorBody(String message, String code, Optional<String> param) {
    /** What vLLM says, with the code 400, of a prompt that is too long. */
    private static final String TOO_LONG = "maximum context length";

    /** Reads OpenAI's error object, inside {@code error} or, as older servers send it, alone. */
    static ErrorBody read(String body) {
        JsonNode root = tree(body);
        JsonNode error = root.path("error").isObject() ? root.path("error") : root;
        String message = error.path("message").asText("");
        return new ErrorBody(
                message.isBlank() ? "the server gives no reason" : message,
                error.path("code").asText(""),
                Optional.ofNullable(error.path("param").textValue()));
    }

    /** The same as the output has it: by the server's code where that is one of ours. */
    Rejection rejection(int status) {
        return new Rejection(errorCode(status), message, param);
    }

    private ErrorCode errorCode(int status) {
        if (message.contains(TOO_LONG)) {
            return RequestCode.CONTEXT_LENGTH_EXCEEDED;
        }
        return ErrorCode.all().stream()
                .filter(known -> known.wireName().equals(code))
                .findFirst()
                .orElse(status == 404 ? RequestCode.MODEL_NOT_FOUND : RequestCode.INVALID_VALUE);
    }

    private static JsonNode tree(String body) {
        try {
            return OpenAiJson.read(body);
        } catch (JsonProcessingException e) { // a proxy's page, which says less than the status
            return MissingNode.getInstance();
        }
    }
}
