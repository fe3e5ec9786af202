package io.sparkvlm.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a checkpoint's JSON strictly: one object, no key twice, nothing after it. */
public final class JsonFile {
    /** Ten times what the largest tokenizer.json has. */
    private static final long MAX_BYTES = 100_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

    public static JsonNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "expected a file, found none");
        }
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new CheckpointException(file, "expected at most " + MAX_BYTES + " bytes of JSON, found " + bytes);
        }
        return parse(file, Files.readAllBytes(file));
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
            throw new CheckpointException(file, "expected JSON, found a fault: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(file, "expected JSON in UTF-8", e);
        }
        if (!node.isObject()) {
            throw new CheckpointException(file, "expected a JSON object, found " + node.getNodeType());
        }
        return node;
    }
}
