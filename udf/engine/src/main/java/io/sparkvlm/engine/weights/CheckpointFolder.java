package io.sparkvlm.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the file of a checkpoint folder that holds each tensor.
 *
 * <p>A folder is downloaded, so what it says is not trusted with the rest of the disk: its index may name plain files
 * only, and a link may lead nowhere but into the folder itself or, as in the Hugging Face cache, where {@code
 * snapshots/REVISION/} holds links to {@code blobs/}, into the blobs of the same repository.
 */
final class CheckpointFolder {
    static final String SINGLE_FILE = "model.safetensors";
    static final String INDEX_FILE = "model.safetensors.index.json";

    private final Path folder;
    private final Path realFolder;

    CheckpointFolder(Path folder) throws IOException {
        this.folder = folder;
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "expected a checkpoint folder, found none");
        }
        this.realFolder = folder.toRealPath();
    }

    /** A file of the folder, checked to lie in it. */
    Path file(String name) throws IOException {
        Path file = plain(name);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "expected a file, found none");
        }
        Path real = file.toRealPath();
        if (!real.startsWith(realFolder) && !real.startsWith(blobs())) {
            throw new CheckpointException(
                    file,
                    "expected a file inside its folder or a link into the blobs of its Hugging Face cache,"
                            + " found a link that leads elsewhere");
        }
        return file;
    }

    boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    /** The open files by the names of the tensors they are to deliver; the caller closes them, all of them distinct. */
    Map<String, SafetensorsFile> open() throws IOException {
        Map<String, SafetensorsFile> byTensor = new TreeMap<>();
        Map<String, SafetensorsFile> byFile = new LinkedHashMap<>();
        try {
            if (has(SINGLE_FILE)) {
                SafetensorsFile single = SafetensorsFile.open(file(SINGLE_FILE));
                byFile.put(SINGLE_FILE, single);
                single.names().forEach(name -> byTensor.put(name, single));
                return byTensor;
            }
            for (Map.Entry<String, String> entry : weightMap().entrySet()) {
                SafetensorsFile shard = byFile.get(entry.getValue());
                if (shard == null) {
                    shard = SafetensorsFile.open(file(entry.getValue()));
                    byFile.put(entry.getValue(), shard);
                }
                shard.tensor(entry.getKey()); // the index must not promise what the file does not hold
                byTensor.put(entry.getKey(), shard);
            }
            return byTensor;
        } catch (IOException | RuntimeException e) {
            for (SafetensorsFile opened : byFile.values()) {
                opened.close();
            }
            throw e;
        }
    }

    private Map<String, String> weightMap() throws IOException {
        if (!has(INDEX_FILE)) {
            throw new CheckpointException(folder, "expected " + SINGLE_FILE + " or " + INDEX_FILE + ", found neither");
        }
        Path index = file(INDEX_FILE);
        JsonNode weightMap = JsonFile.read(index).path("weight_map");
        if (!weightMap.isObject()) {
            throw new CheckpointException(index, "expected an object as its weight_map, found " + weightMap);
        }
        Map<String, String> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new CheckpointException(index, "tensor " + entry.getKey() + ": expected a file's name");
            }
            files.put(entry.getKey(), entry.getValue().asText());
        }
        return files;
    }

    private Path plain(String name) throws CheckpointException {
        boolean plain = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(character -> character == '/' || character == '\\' || character == 0);
        if (!plain) {
            throw new CheckpointException(
                    folder, "expected plain names of files in the folder, found \"" + name + "\"");
        }
        return folder.resolve(name);
    }

    /** The only place outside the folder that links may lead to; the folder itself outside a Hugging Face cache. */
    private Path blobs() {
        Path parent = realFolder.getParent();
        boolean cached = parent != null && parent.endsWith("snapshots") && parent.getParent() != null;
        return cached ? parent.resolveSibling("blobs") : realFolder;
    }
}
