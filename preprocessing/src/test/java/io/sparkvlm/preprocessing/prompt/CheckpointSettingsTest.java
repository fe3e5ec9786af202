package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.preprocessing.ReferenceCase;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSettingsTest {
    private static final String CONFIG =
            "{\"image_token_id\":7,\"video_token_id\":8,\"max_position_embeddings\":64,\"vocab_size\":10,\"vision_config\":{}%s}";

    @TempDir
    private Path folder;

    @Test
    void thePublishedFlatFormIsRead() throws IOException {
        CheckpointSettings settings = CheckpointSettings.read(ReferenceCase.checkpoint("tied"));

        assertThat(settings)
                .isEqualTo(new CheckpointSettings(
                        Set.of(1012, 1010),
                        1022,
                        1023,
                        32_768,
                        1024,
                        PatchGeometry.QWEN2_VL,
                        new SamplingDefaults(0.01, 0.001, 1, 0, 1, 4096)));
    }

    @Test
    void theNestedFormOfTransformersFiveIsRead() throws IOException {
        CheckpointSettings settings = CheckpointSettings.read(ReferenceCase.checkpoint("untied"));

        assertThat(settings)
                .isEqualTo(new CheckpointSettings(
                        Set.of(1524), 1534, 1535, 32_768, 1536, PatchGeometry.QWEN2_VL, SamplingDefaults.OPENAI));
    }

    @Test
    void withoutAGenerationConfigTheEndIdIsTheConfigs() throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG.formatted(",\"eos_token_id\":3"));

        assertThat(CheckpointSettings.read(folder).endIds()).containsExactly(3);
    }

    @Test
    void aCheckpointThatNeverEndsOrHasNoPlaceForImagesIsBroken() throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG.formatted(""));
        assertThatThrownBy(() -> CheckpointSettings.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("eos_token_id");

        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\":3}");
        assertThatThrownBy(() -> CheckpointSettings.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("image_token_id");
    }
}
