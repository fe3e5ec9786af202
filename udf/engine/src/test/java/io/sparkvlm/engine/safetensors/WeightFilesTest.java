package io.sparkvlm.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
    private static final String SHARD = "model-00001-of-00001.safetensors";

    @TempDir
    Path disk;

    private Path folder;

    @BeforeEach
    void makeTheFolder() throws IOException {
        folder = Files.createDirectories(disk.resolve("hub/models--q/snapshots/0123"));
    }

    @Test
    void followsTheIndexToTheShards() throws IOException {
        writeTensor(folder.resolve("a.safetensors"), "one");
        writeTensor(folder.resolve("b.safetensors"), "two");
        writeIndex("{\"one\":\"a.safetensors\",\"two\":\"b.safetensors\"}");
        Map<String, SafetensorsFile> files = WeightFiles.open(new CheckpointFolder(folder));
        try {
            assertThat(files.get("one").path()).hasFileName("a.safetensors");
            assertThat(files.get("two").path()).hasFileName("b.safetensors");
        } finally {
            close(files);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.safetensors", "/etc/passwd", "sub/x.safetensors", "..", ".", "", "a\\\\b"})
    void refusesAnIndexThatLeavesTheFolder(String name) throws IOException {
        writeTensor(folder.getParent().resolve("secret.safetensors"), "one");
        writeIndex("{\"one\":\"" + name + "\"}");
        assertThatThrownBy(() -> WeightFiles.open(new CheckpointFolder(folder)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("plain names");
    }

    @Test
    void refusesALinkThatLeavesTheFolder() throws IOException {
        Path secret = disk.resolve("secret.safetensors");
        writeTensor(secret, "one");
        Files.createSymbolicLink(folder.resolve(SHARD), secret);
        writeIndex("{\"one\":\"" + SHARD + "\"}");
        assertThatThrownBy(() -> WeightFiles.open(new CheckpointFolder(folder)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(SHARD)
                .hasMessageContaining("leads elsewhere");
    }

    @Test
    void followsTheLinksOfAHuggingFaceCache() throws IOException {
        Path blobs = Files.createDirectories(disk.resolve("hub/models--q/blobs"));
        writeTensor(blobs.resolve("abcdef"), "one");
        Files.createSymbolicLink(folder.resolve("model.safetensors"), Path.of("../../blobs/abcdef"));
        Map<String, SafetensorsFile> files = WeightFiles.open(new CheckpointFolder(folder));
        try {
            assertThat(files).containsOnlyKeys("one");
        } finally {
            close(files);
        }
    }

    @Test
    void refusesAnIndexThatPromisesWhatAShardLacks() throws IOException {
        writeTensor(folder.resolve(SHARD), "one");
        writeIndex("{\"one\":\"" + SHARD + "\",\"two\":\"" + SHARD + "\"}");
        assertThatThrownBy(() -> WeightFiles.open(new CheckpointFolder(folder)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(SHARD)
                .hasMessageContaining("two");
    }

    @Test
    void refusesAnIndexWhoseShardIsNotThere() throws IOException {
        writeIndex("{\"one\":\"" + SHARD + "\"}");
        assertThatThrownBy(() -> WeightFiles.open(new CheckpointFolder(folder)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(SHARD)
                .hasMessageContaining("found none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"weight_map\":7}", "{\"weight_map\":{\"one\":7}}", "{}", "7", "{"})
    void refusesAnIndexThatIsNone(String json) throws IOException {
        Files.writeString(folder.resolve(WeightFiles.INDEX_FILE), json);
        assertThatThrownBy(() -> WeightFiles.open(new CheckpointFolder(folder)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(WeightFiles.INDEX_FILE);
    }

    @Test
    void saysWhatAFolderWithoutWeightsLacks() {
        assertThatThrownBy(() -> WeightFiles.open(new CheckpointFolder(folder)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected model.safetensors or model.safetensors.index.json");
    }

    @Test
    void saysThatAFolderIsNotThere() {
        assertThatThrownBy(() -> new CheckpointFolder(disk.resolve("nowhere")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("nowhere");
    }

    private void writeIndex(String weightMap) throws IOException {
        Files.writeString(folder.resolve(WeightFiles.INDEX_FILE), "{\"metadata\":{},\"weight_map\":" + weightMap + "}");
    }

    private static void writeTensor(Path file, String name) throws IOException {
        new SafetensorsBytes().add(name, new long[] {1}, new float[] {1}).write(file);
    }

    private static void close(Map<String, SafetensorsFile> files) throws IOException {
        for (SafetensorsFile file : new HashSet<>(files.values())) {
            file.close();
        }
    }
}
