package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * How a request wants its answer.
 *
 * @param form {@code stream} and {@code stream_options} of its body
 * @param choices {@code n} of its body
 */
public record Delivery(Form form, int choices) {
    private static final Delivery USUAL = new Delivery(Form.WHOLE, 1);

    /** In one piece, or as it is generated. */
    public enum Form {
        WHOLE,
        PARTS,
        /** With the usage after the last part. */
        PARTS_AND_USAGE
    }

    /** Where an object stands whose fields are read: fields that a body has besides its own mean nothing. */
    private enum Place {
        /** A body, or a Batch line around one. */
        LINE,
        BODY
    }

    /** Whether the usage follows the last part. */
    public boolean hasUsage() {
        return form == Form.PARTS_AND_USAGE;
    }

    /** Reads a body. One that does not say how its answer is wanted has it whole; one that says it wrongly is the validator's to refuse. */
    public static Delivery of(String json) {
        try (JsonParser parser = OpenAiJson.lineParser(json)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? read(parser, Place.LINE) : USUAL;
        } catch (IOException e) {
            return USUAL; // the validator's to refuse
        }
    }

    private static Delivery read(JsonParser parser, Place place) throws IOException {
        boolean parts = false;
        boolean usage = false;
        int choices = 1;
        Optional<Delivery> wrapped = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "stream" -> parts = value == JsonToken.VALUE_TRUE;
                case "stream_options" -> usage = value == JsonToken.START_OBJECT && includesUsage(parser);
                case "n" -> choices = isInt(parser) ? parser.getIntValue() : 1;
                case "body" -> {
                    wrapped = place == Place.LINE && value == JsonToken.START_OBJECT
                            ? Optional.of(read(parser, Place.BODY))
                            : Optional.empty();
                }
                default -> {}
            }
            parser.skipChildren();
        }
        Form form = !parts ? Form.WHOLE : usage ? Form.PARTS_AND_USAGE : Form.PARTS;
        return wrapped.orElse(new Delivery(form, choices));
    }

    /** Another number is the validator's to refuse, or is not the body's. */
    private static boolean isInt(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == NumberType.INT;
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
