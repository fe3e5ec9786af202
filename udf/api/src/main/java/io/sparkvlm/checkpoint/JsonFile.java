package io.sparkvlm.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a checkpoint's JSON strictly: one object, no key twice, nothing after it. */
public final class JsonFile {
    /** Ten times what the largest tokenizer.json has. */
    private static final long MAX_BYTES = 100_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // The names of a vocabulary, each once: to have Java share them takes longer than to read them.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** For values in a file, after which more comes. */
    private static final JsonMapper OF_FIELDS = MAPPER.rebuild()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

    public static JsonNode read(Path file) throws IOException {
        return parse(file, bytes(file));
    }

    /** The bytes of a file that is there and not too long. */
    public static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "expected a file, found none");
        }
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new CheckpointException(file, "expected at most " + MAX_BYTES + " bytes of JSON, found " + bytes);
        }
        return Files.readAllBytes(file);
    }

    /** A missing node when there is no such file. */
    public static JsonNode readIfThere(Path file) throws IOException {
        return Files.exists(file) ? read(file) : MissingNode.getInstance();
    }

    /** Parses bytes that came from the file. */
    public static JsonNode parse(Path file, byte[] json) throws CheckpointException {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw fault(file, e);
        } catch (IOException e) {
            throw notUtf8(file, e);
        }
        if (!node.isObject()) {
            throw new CheckpointException(file, "expected a JSON object, found " + node.getNodeType());
        }
        return node;
    }

    /**
     * Parses bytes that came from the file field by field, so that a large one is never in memory as nodes.
     *
     * @param reader takes each field of the object
     * @throws CheckpointException as {@link #parse} does
     */
    public static void parseFields(Path file, byte[] json, FieldReader reader) throws IOException {
        try (JsonParser parser = OF_FIELDS.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new CheckpointException(file, "expected a JSON object, found " + parser.currentToken());
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                reader.read(name, parser);
            }
            if (parser.nextToken() != null) {
                throw new CheckpointException(
                        file, "expected nothing after the object, found " + parser.currentToken());
            }
        } catch (JsonProcessingException e) {
            throw fault(file, e);
        } catch (CharConversionException e) {
            throw notUtf8(file, e);
        }
    }

    /** Reads the value of a field. */
    @FunctionalInterface
    public interface FieldReader {
        /**
         * Reads a value, or passes over it.
         *
         * @param value at the value's first token, and afterwards at its last
         */
        void read(String name, JsonParser value) throws IOException;
    }

    private static CheckpointException fault(Path file, JsonProcessingException e) {
        return new CheckpointException(file, "expected JSON, found a fault: " + e.getOriginalMessage(), e);
    }

    private static CheckpointException notUtf8(Path file, IOException e) {
        return new CheckpointException(file, "expected JSON in UTF-8", e);
    }
}
