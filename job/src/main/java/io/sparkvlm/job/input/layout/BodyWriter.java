package io.sparkvlm.job.input.layout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.List;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.StructType;

/**
 * Joins the JSON of a row's messages and of its other fields to the body of a request.
 *
 * @param fields the types of the other fields' columns
 */
record BodyWriter(StructType fields) implements UDF2<String, String, String> {
    static final String MESSAGES = "messages";

    private static final List<String> FORMATS = List.of("response_format", "structured_outputs");

    @Override
    public String call(String messages, String others) throws JsonProcessingException {
        String read = others;
        try {
            ObjectNode body = (ObjectNode) JsonNumbers.restored(OpenAiJson.read(read), fields);
            for (String field : FORMATS) {
                if (body.path(field).isTextual()) { // a column of JSON, as that of the messages may be
                    read = body.get(field).textValue();
                    body.set(field, parsed(read));
                }
            }
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
}
