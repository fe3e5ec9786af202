package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the custom_id that tells a row from others, as {@link RequestLine#read} and {@link BatchEnvelope#exactCustomId}
 * find it, but without a tree of all that is in the line: the whole input is asked before the job begins.
 */
public final class CustomIdOfLine {
    private Optional<String> text = Optional.empty();
    private boolean named;
    private boolean hasBody;
    private boolean hasMessages;

    private CustomIdOfLine() {}

    /**
     * That of a Batch line, else the table's; none where the line's is not exact, whatever the table says.
     *
     * @param ofTable what the row's own column says
     */
    public static Optional<String> read(String line, Optional<String> ofTable) {
        try (JsonParser parser = OpenAiJson.lineParser(line)) {
            Optional<String> ofLine =
                    parser.nextToken() == JsonToken.START_OBJECT ? new CustomIdOfLine().in(parser) : Optional.empty();
            return ofLine.isPresent() ? ofLine.filter(BatchEnvelope::isExact) : ofTable;
        } catch (IOException e) { // not JSON, or too much of it
            return ofTable;
        }
    }

    /** Reads to the end: what is no request has no name that could be taken. */
    private Optional<String> in(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "custom_id" -> {
                    named = true;
                    text = value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
                }
                case "body" -> hasBody = true;
                case "messages" -> hasMessages = true;
                default -> {}
            }
            parser.skipChildren();
        }
        boolean whole = parser.nextToken() == null;
        return whole && RequestLine.isWrapped(named, hasBody, hasMessages) ? text : Optional.empty();
    }
}
