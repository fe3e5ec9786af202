package io.sparkvlm.preprocessing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Hugging Face transformers make of a request with one of the two small random checkpoints. Recorded by {@code
 * udf/engine/src/test/python/make_reference.py}.
 */
public record ReferenceCase(String checkpointName, String name, JsonNode record) {
    private static final Path ROOT = Path.of("src/test/resources/reference");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public static Stream<ReferenceCase> all() {
        return Stream.of("tied", "untied").flatMap(ReferenceCase::of);
    }

    public static Path checkpoint(String name) {
        return ROOT.resolve(name).resolve("checkpoint");
    }

    public static Path media(String name) {
        return ROOT.resolve(name).resolve("media");
    }

    private static Stream<ReferenceCase> of(String checkpoint) {
        try (Stream<Path> files = Files.list(ROOT.resolve(checkpoint).resolve("expected"))) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(file -> read(checkpoint, file))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ReferenceCase read(String checkpoint, Path file) {
        try {
            JsonNode record = MAPPER.readTree(Files.readAllBytes(file));
            return new ReferenceCase(checkpoint, record.required("name").textValue(), record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request's body. */
    public String body() {
        return MAPPER.createObjectNode()
                .<ObjectNode>set("messages", record.required("messages"))
                .put("temperature", 0)
                .put("max_completion_tokens", 32)
                .toString();
    }

    public String prompt() {
        return record.required("prompt").textValue();
    }

    public int[] inputIds() {
        return integers(record.required("input_ids"));
    }

    public int[] positions(int axis) {
        return integers(record.required("position_ids").get(axis));
    }

    public int ropeDelta() {
        return record.required("rope_delta").intValue();
    }

    public int[] greedyIds() {
        return integers(record.required("greedy_ids"));
    }

    public String text() {
        return record.required("text").textValue();
    }

    /** Of the images and videos, in the order of the conversation. */
    public List<PatchGrid> grids() {
        int images = 0;
        int videos = 0;
        List<PatchGrid> grids = new ArrayList<>();
        for (JsonNode message : record.required("messages")) {
            for (JsonNode part : message.required("content")) {
                switch (part.path("type").asText()) {
                    case "image_url" ->
                        grids.add(grid(record.required("image_grid_thw").get(images++)));
                    case "video_url" ->
                        grids.add(grid(record.required("video_grid_thw").get(videos++)));
                    default -> {}
                }
            }
        }
        return grids;
    }

    /** SHA-256 of the patches of each image and video, in the order of the conversation. */
    public List<String> patchDigests() throws IOException {
        try (Stream<String> lines =
                Files.lines(ROOT.resolve(checkpointName).resolve("expected").resolve("patches.tsv"))) {
            return lines.map(line -> line.split("\t", -1))
                    .filter(fields -> fields[0].equals(name))
                    .map(fields -> fields[fields.length - 1])
                    .toList();
        }
    }

    private static PatchGrid grid(JsonNode thw) {
        return new PatchGrid(
                thw.get(0).intValue(), thw.get(1).intValue(), thw.get(2).intValue(), PatchGeometry.QWEN2_VL);
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    @Override
    public String toString() {
        return checkpointName + "/" + name;
    }
}
