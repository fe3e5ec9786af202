package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a line says beside its request: the custom_id that tells it from others, as {@link RequestLine#read} and {@link
 * BatchEnvelope#exactCustomId} find it, and the fields of the user's own. It makes no tree of all that is in the line: the
 * whole input is asked before the job begins.
 */
public final class LineFields {
    private static final Set<String> OF_ENVELOPE = Set.of("custom_id", "method", "url", "body");

    private final String line;
    /** From where to where the value of a field stands in the line; of two equal names the last counts. */
    private final Map<String, int[]> places = new LinkedHashMap<>();

    private Optional<String> customId = Optional.empty();
    private boolean whole;

    private LineFields(String line) {
        this.line = line;
    }

    /** A line that is no JSON object, or too much of one, says nothing. */
    public static LineFields read(String line) {
        LineFields fields = new LineFields(OpenAiJson.withoutMark(line));
        try (JsonParser parser = OpenAiJson.lineParser(line)) {
            fields.whole = parser.nextToken() == JsonToken.START_OBJECT && fields.readsToTheEnd(parser);
        } catch (IOException e) {
            fields.whole = false;
        }
        return fields;
    }

    /**
     * The custom_id of a Batch line, else the table's; none where the line's is not exact, whatever the table says.
     *
     * @param ofTable what the row's own column says
     */
    public Optional<String> customId(Optional<String> ofTable) {
        return whole && isWrapped() && customId.isPresent() ? customId.filter(BatchEnvelope::isExact) : ofTable;
    }

    /** Whether the line is a JSON object, and no more than that. */
    public boolean areWhole() {
        return whole;
    }

    /** All fields, as they are written in the line. */
    public Map<String, String> all() {
        return besides(Set.of(), Set.of());
    }

    /**
     * The fields beside those of a Batch line, or beside those of a body, as they are written in the line.
     *
     * @param ofBody the fields of a body that say what is asked
     */
    public Map<String, String> besides(Set<String> ofBody) {
        return besides(OF_ENVELOPE, ofBody);
    }

    private Map<String, String> besides(Set<String> ofEnvelope, Set<String> ofBody) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (whole) {
            Set<String> ofRequest = isWrapped() ? ofEnvelope : ofBody;
            places.forEach((name, place) -> {
                if (!ofRequest.contains(name)) {
                    texts.put(name, line.substring(place[0], place[1]));
                }
            });
        }
        return texts;
    }

    private boolean isWrapped() {
        return RequestLine.isWrapped(
                places.containsKey("custom_id"), places.containsKey("body"), places.containsKey("messages"));
    }

    private boolean readsToTheEnd(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            int begin = (int) parser.currentTokenLocation().getCharOffset();
            if (name.equals("custom_id")) {
                customId = value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
            }
            parser.skipChildren();
            parser.finishToken();
            places.put(name, new int[] {begin, (int) parser.currentLocation().getCharOffset()});
        }
        return parser.nextToken() == null;
    }
}
