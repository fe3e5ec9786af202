package io.sparkvlm.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.table.PreparationStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreprocessingSettingsTest {
    private static final Path CHECKPOINT = Path.of("../../preprocessing/src/test/resources/reference/tied/checkpoint");

    @TempDir
    private Path checkpoint;

    @BeforeEach
    void copy() throws IOException {
        FileUtils.copyDirectory(CHECKPOINT.toFile(), checkpoint.toFile());
    }

    @Test
    void whatWasCheckedIsOpenForTheNextAndForNoOther() throws IOException {
        settings(Set.of()).check();
        Files.delete(checkpoint.resolve("tokenizer.json"));

        try (Preprocessor checked = settings(Set.of()).open()) {
            assertThat(checked).isNotNull();
            assertThatThrownBy(() -> settings(Set.of()).open()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatAStampWasMadeWithIsOpenForTheTasks() throws IOException {
        assertThat(PreparationStamp.of(settings(Set.of())).model()).isEqualTo(checkpoint.toString());
        Files.delete(checkpoint.resolve("tokenizer.json"));

        try (Preprocessor left = settings(Set.of()).open()) {
            assertThat(left).isNotNull();
        }
    }

    @Test
    void otherSettingsDoNotTakeIt() throws IOException {
        settings(Set.of()).check();
        Files.delete(checkpoint.resolve("tokenizer.json"));

        assertThatThrownBy(() -> settings(Set.of("other")).open()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> settings(Set.of()).open()).isInstanceOf(IOException.class);
    }

    @Test
    void aCheckpointIsReadAtEachCheck() throws IOException {
        settings(Set.of()).check();
        Files.delete(checkpoint.resolve("tokenizer.json"));

        assertThatThrownBy(() -> settings(Set.of()).check()).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsNotTakenIsClosedAfterAWhile() throws IOException {
        CompletableFuture<Void> closed =
                settings(Set.of()).leaveOpen(settings(Set.of()).open(), Duration.ofMillis(1));
        Files.delete(checkpoint.resolve("tokenizer.json"));

        closed.join();

        assertThatThrownBy(() -> settings(Set.of()).open()).isInstanceOf(IOException.class);
    }

    private PreprocessingSettings settings(Set<String> dropColumns) {
        return new PreprocessingSettings(
                checkpoint.toString(), PreprocessingConfig.DEFAULT, MediaRoots.CLOSED, dropColumns);
    }
}
