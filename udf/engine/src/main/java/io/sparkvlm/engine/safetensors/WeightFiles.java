package io.sparkvlm.engine.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Opens the file of a checkpoint folder that holds each tensor: one file, or shards that an index names. */
public final class WeightFiles {
    public static final String SINGLE_FILE = "model.safetensors";
    public static final String INDEX_FILE = "model.safetensors.index.json";

    private WeightFiles() {}

    /** The open files by the names of the tensors they are to deliver; the caller closes them, all of them distinct. */
    public static Map<String, SafetensorsFile> open(CheckpointFolder folder) throws IOException {
        Map<String, SafetensorsFile> byTensor = new TreeMap<>();
        Map<String, SafetensorsFile> byFile = new LinkedHashMap<>();
        try {
            if (folder.has(SINGLE_FILE)) {
                SafetensorsFile single = SafetensorsFile.open(folder.file(SINGLE_FILE));
                byFile.put(SINGLE_FILE, single);
                single.names().forEach(name -> byTensor.put(name, single));
                return byTensor;
            }
            for (Map.Entry<String, String> entry : weightMap(folder).entrySet()) {
                SafetensorsFile shard = byFile.get(entry.getValue());
                if (shard == null) {
                    shard = SafetensorsFile.open(folder.file(entry.getValue()));
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

    private static Map<String, String> weightMap(CheckpointFolder folder) throws IOException {
        if (!folder.has(INDEX_FILE)) {
            throw new CheckpointException(
                    folder.path(), "expected " + SINGLE_FILE + " or " + INDEX_FILE + ", found neither");
        }
        Path index = folder.file(INDEX_FILE);
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
}
