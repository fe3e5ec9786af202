package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** How a request wants its answer: {@code stream} and {@code stream_options} of its body. */
public enum Delivery {
    WHOLE,
    PARTS,
    /** With the usage after the last part. */
    PARTS_AND_USAGE;

    /** Reads a body; one that asks for no parts, in whatever way, is answered whole, and the validator judges the rest. */
    public static Delivery of(String json) {
        boolean parts = false;
        boolean usage = false;
        try (JsonParser parser = OpenAiJson.lineParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return WHOLE;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "stream" -> parts = value == JsonToken.VALUE_TRUE;
                    case "stream_options" -> usage = value == JsonToken.START_OBJECT && includesUsage(parser);
                    default -> {}
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            return WHOLE; // the validator's to refuse
        }
        return !parts ? WHOLE : usage ? PARTS_AND_USAGE : PARTS;
    }

    private static boolean includesUsage(JsonParser options) throws IOException {
        boolean included = false;
        while (options.nextToken() == JsonToken.FIELD_NAME) {
            String name = options.currentName();
            JsonToken value = options.nextToken();
            if (name.equals("include_usage")) {
                included = value == JsonToken.VALUE_TRUE;
            }
            options.skipChildren();
        }
        return included;
    }
}
