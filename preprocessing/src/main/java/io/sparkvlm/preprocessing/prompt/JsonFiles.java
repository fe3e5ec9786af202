package io.sparkvlm.preprocessing.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a checkpoint's JSON files, which are trusted, unlike a request. */
final class JsonFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonFiles() {}

    static JsonNode read(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException("expected JSON in " + file + ", found what is not", e);
        }
    }

    /** A missing node when there is no such file. */
    static JsonNode readIfThere(Path file) throws IOException {
        return Files.exists(file) ? read(file) : MissingNode.getInstance();
    }
}
