package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Reads and writes JSON: strictly, within bounds, and of two equal keys the last one wins. OpenAI's own services parse
 * with Python's json module, which does the same.
 *
 * <p>Thread-safe. Static, because a mapper's caches are worth sharing and hold nothing of any row.
 */
public final class OpenAiJson {
    /** Levels of objects and arrays in one request; a deeper one is refused before it can exhaust a stack. */
    static final int MAX_DEPTH = 64;

    /** The most tokens of JSON in one request: two characters of it become a hundred bytes of a tree. */
    static final long MAX_TOKENS = 1 << 20;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            // An image in base64 is one string. The fetcher bounds it, with a code of its own.
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** How some editors and spreadsheets begin a file of UTF-8; JSON itself has no such character (RFC 8259, 8.1). */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private OpenAiJson() {}

    /** Reads one JSON value with nothing after it; a missing node where there is nothing but white space. */
    public static JsonNode read(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** Reads one JSON value of a file's line, which may be its first. */
    static JsonNode readLine(String line) throws JsonProcessingException {
        return read(withoutMark(line));
    }

    /** Reads a line token by token within the same bounds; what follows the value is the caller's to refuse. */
    static JsonParser lineParser(String line) throws IOException {
        return MAPPER.createParser(withoutMark(line));
    }

    static String withoutMark(String line) {
        return line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
    }

    /** Writes a tree or one of this package's records. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a value that can be written as JSON", e);
        }
    }

    /**
     * Writes a tree in ASCII: Spark's strings are UTF-8, in which an unpaired surrogate would become a question mark.
     */
    public static String writeAscii(JsonNode value) {
        try {
            return MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a value that can be written as JSON", e);
        }
    }
}
