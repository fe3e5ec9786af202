package io.sparkvlm.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFolderTest {
    @TempDir
    private Path home;

    @Test
    void takesAFolderWithAConfiguration() throws IOException {
        Path folder = checkpoint(home.resolve("my model"));
        assertThat(models(Map.of()).resolve(folder.toString())).isEqualTo(folder);
        assertThat(models(Map.of()).portableName(folder.toString())).isEqualTo(folder.toString());
    }

    @Test
    void findsANameInTheHubsCache() throws IOException {
        Path snapshot = snapshot(home.resolve(".cache/huggingface/hub"));
        assertThat(models(Map.of()).resolve("Org/Name")).isEqualTo(snapshot);
        assertThat(models(Map.of()).portableName("Org/Name")).isEqualTo("Org/Name");
    }

    @Test
    void looksWhereTheEnvironmentPutsTheCache() throws IOException {
        Path inHub = snapshot(home.resolve("a"));
        Path inHome = snapshot(home.resolve("b/hub"));
        assertThat(models(Map.of("HF_HUB_CACHE", home.resolve("a").toString(), "HF_HOME", "/nowhere"))
                        .resolve("Org/Name"))
                .isEqualTo(inHub);
        assertThat(models(Map.of("HF_HOME", home.resolve("b").toString())).resolve("Org/Name"))
                .isEqualTo(inHome);
    }

    @Test
    void saysWhereItLookedForANameAndWhatToDo() {
        assertThatThrownBy(() -> models(Map.of()).resolve("Org/Name"))
                .hasMessageContaining("Org/Name")
                .hasMessageContaining(home.resolve(".cache/huggingface/hub").toString())
                .hasMessageContaining("hf download Org/Name")
                .hasMessageContaining("HF_HUB_CACHE");
    }

    @Test
    void saysThatASnapshotIsGone() throws IOException {
        Path snapshot = snapshot(home.resolve(".cache/huggingface/hub"));
        Files.delete(snapshot.resolve("config.json"));
        Files.delete(snapshot);
        assertThatThrownBy(() -> models(Map.of()).resolve("Org/Name"))
                .hasMessageContaining(snapshot.toString())
                .hasMessageContaining("download it again");
    }

    @Test
    void refusesWhatIsNoCheckpoint() throws IOException {
        assertThatThrownBy(() -> models(Map.of()).resolve(home.toString()))
                .hasMessageContaining("config.json")
                .hasMessageContaining(home.toString());
        Path file = Files.createFile(home.resolve("model.safetensors"));
        assertThatThrownBy(() -> models(Map.of()).resolve(file.toString())).hasMessageContaining("a file");
        assertThatThrownBy(() -> models(Map.of()).resolve("no/such/folder")).hasMessageContaining("no/such/folder");
        assertThatThrownBy(() -> models(Map.of()).resolve("../..")).hasMessageContaining("config.json");
    }

    private ModelFolder models(Map<String, String> environment) {
        return new ModelFolder(environment, home);
    }

    private static Path snapshot(Path hub) throws IOException {
        Path repository = hub.resolve("models--Org--Name");
        Path refs = Files.createDirectories(repository.resolve("refs"));
        Files.writeString(refs.resolve("main"), "0123abc\n");
        return checkpoint(repository.resolve("snapshots/0123abc"));
    }

    private static Path checkpoint(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), "{}");
        return folder;
    }
}
