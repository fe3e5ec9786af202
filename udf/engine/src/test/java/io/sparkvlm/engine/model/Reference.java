package io.sparkvlm.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.engine.weights.RecordedTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What transformers gave for one prompt, as src/test/python/make_reference.py recorded it.
 *
 * @param images embeddings of all images one after the other; videos likewise
 * @param greedyIds up to the first near tie
 */
public record Reference(
        String name,
        int[] ids,
        int[][] positions,
        List<VisionInput> images,
        List<VisionInput> videos,
        float[] imageEmbeddings,
        float[] videoEmbeddings,
        float[] lastLogits,
        int[] greedyIds,
        double[] greedyLogprobs) {

    /**
     * The folders that hold checkpoint/ and expected/: those in the resources, of which the second has other patches than
     * Qwen2-VL, and those in the folder that {@code -Dsparkvlm.references} names.
     */
    public static List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String name : List.of("/reference", "/reference-patch-16")) {
            folders.add(resource(name));
        }
        String more = System.getProperty("sparkvlm.references");
        if (more != null) {
            try (Stream<Path> found = Files.list(Path.of(more))) {
                found.filter(folder -> Files.isDirectory(folder.resolve("expected")))
                        .sorted()
                        .forEach(folders::add);
            }
        }
        return folders;
    }

    /** A folder whose checkpoint was published quantized, as src/test/python/make_quantized.py recorded it. */
    public static Path quantized() {
        return resource("/reference-gptq");
    }

    private static Path resource(String name) {
        try {
            return Path.of(Reference.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All cases of a folder. */
    public static List<Reference> all(Path folder) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(new CheckpointFolder(folder.resolve("checkpoint")));
        try (Stream<Path> files = Files.list(folder.resolve("expected"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(file -> read(file, config))
                    .toList();
        }
    }

    private static Reference read(Path file, CheckpointConfig config) {
        String name = file.getFileName().toString().replace(".json", "");
        try (RecordedTensors tensors = new RecordedTensors(file.resolveSibling(name + ".safetensors"))) {
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            int[] ids = integers(json.get("input_ids"));
            List<PatchGrid> imageGrids = grids(json.get("image_grid_thw"), config.patchGeometry());
            List<PatchGrid> videoGrids = grids(json.get("video_grid_thw"), config.patchGeometry());
            int[][] positions = new int[3][];
            Arrays.setAll(positions, axis -> integers(json.get("position_ids").get(axis)));
            return new Reference(
                    name,
                    ids,
                    positions,
                    inputs(imageGrids, ids, config.imageTokenId(), tensors, "patches"),
                    inputs(videoGrids, ids, config.videoTokenId(), tensors, "video_patches"),
                    imageGrids.isEmpty() ? new float[0] : tensors.floats("image_embeds"),
                    videoGrids.isEmpty() ? new float[0] : tensors.floats("video_embeds"),
                    tensors.floats("last_logits"),
                    integers(json.get("greedy_ids")),
                    decimals(json.get("greedy_logprobs")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an engine is given for it. */
    public Prompt prompt() {
        int next =
                1 + Arrays.stream(positions).flatMapToInt(Arrays::stream).max().orElseThrow();
        List<VisionInput> inOrder = vision().sorted(Comparator.comparingInt(VisionInput::firstToken))
                .toList();
        return new Prompt(ids, new MropePositions(positions[0], positions[1], positions[2], next), inOrder);
    }

    Stream<VisionInput> vision() {
        return Stream.concat(images.stream(), videos.stream());
    }

    @Override
    public String toString() {
        return name;
    }

    private static List<VisionInput> inputs(
            List<PatchGrid> grids, int[] ids, int placeholder, RecordedTensors tensors, String name)
            throws IOException {
        List<VisionInput> inputs = new ArrayList<>();
        byte[] patches = grids.isEmpty() ? new byte[0] : tensors.bytes(name);
        int firstToken = 0;
        int firstByte = 0;
        for (PatchGrid grid : grids) {
            while (ids[firstToken] != placeholder) {
                firstToken++;
            }
            int bytes = (int) grid.patchBytes();
            byte[] own = Arrays.copyOfRange(patches, firstByte, firstByte + bytes);
            inputs.add(new VisionInput(own, grid, firstToken, grid + "/" + Arrays.hashCode(own)));
            firstByte += bytes;
            firstToken += grid.tokens();
        }
        return inputs;
    }

    private static List<PatchGrid> grids(JsonNode json, PatchGeometry geometry) {
        List<PatchGrid> grids = new ArrayList<>();
        json.forEach(grid -> grids.add(new PatchGrid(
                grid.get(0).asInt(), grid.get(1).asInt(), grid.get(2).asInt(), geometry)));
        return grids;
    }

    private static int[] integers(JsonNode json) {
        int[] values = new int[json.size()];
        Arrays.setAll(values, i -> json.get(i).asInt());
        return values;
    }

    private static double[] decimals(JsonNode json) {
        double[] values = new double[json.size()];
        Arrays.setAll(values, i -> json.get(i).asDouble());
        return values;
    }
}
