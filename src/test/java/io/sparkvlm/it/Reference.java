package io.sparkvlm.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The recorded requests and their answers; see {@code resources/reference/README.md}. */
final class Reference {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Path FOLDER = Path.of("resources/reference/tied").toAbsolutePath();

    private Reference() {}

    static Path checkpoint() {
        return FOLDER.resolve("checkpoint");
    }

    static Path media() {
        return FOLDER.resolve("media");
    }

    static Path requests() {
        return FOLDER.resolve("requests.jsonl");
    }

    /** The requests, each asking for the log-probabilities of its answer. */
    static List<String> linesWithLogprobs() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(requests())) {
            ObjectNode request = (ObjectNode) JSON.readTree(line);
            ((ObjectNode) request.get("body")).put("logprobs", true);
            lines.add(JSON.writeValueAsString(request));
        }
        return lines;
    }

    /** By custom_id: text, prompt_tokens, vision_tokens, grids, logprobs. */
    static JsonNode expected() throws IOException {
        return JSON.readTree(FOLDER.resolve("expected.json").toFile());
    }
}
