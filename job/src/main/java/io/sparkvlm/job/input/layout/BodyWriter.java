package io.sparkvlm.job.input.layout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import org.apache.spark.sql.api.java.UDF2;

/** Joins the JSON of a row's messages and of its parameters to the body of a request. */
final class BodyWriter implements UDF2<String, String, String> {
    static final String MESSAGES = "messages";

    @Override
    public String call(String messages, String parameters) throws JsonProcessingException {
        String read = parameters;
        try {
            ObjectNode body = (ObjectNode) OpenAiJson.read(read);
            body.properties().forEach(field -> field.setValue(wholeAsInteger(field.getValue())));
            if (messages != null) {
                read = messages;
                body.set(MESSAGES, parsed(messages));
            }
            return OpenAiJson.writeAscii(body);
        } catch (StreamConstraintsException e) {
            return read; // too deep or too large for the validator too, which says so
        }
    }

    /** What is not JSON stays a string, which the validator refuses by its path. */
    private static JsonNode parsed(String messages) throws StreamConstraintsException {
        try {
            return OpenAiJson.read(messages);
        } catch (StreamConstraintsException e) {
            throw e;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(messages);
        }
    }

    /** A column with nulls in it makes pandas' integers decimals: 64 becomes 64.0. */
    private static JsonNode wholeAsInteger(JsonNode value) {
        return value.isDouble() && value.canConvertToExactIntegral()
                ? BigIntegerNode.valueOf(value.decimalValue().toBigIntegerExact())
                : value;
    }
}
