package io.sparkvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointConfigTest {
    private static final String CONFIG =
            """
            {"vocab_size": 10, "max_position_embeddings": 64, "image_token_id": 7, "video_token_id": 8,
             "vision_config": {"patch_size": 16, "temporal_patch_size": 1, "spatial_merge_size": 3, "in_chans": 3}}
            """;

    @TempDir
    private Path folder;

    @Test
    void whatBothHalvesKnowIsReadOnce() throws IOException {
        CheckpointConfig config = read(CONFIG);

        assertThat(config.vocabularySize()).isEqualTo(10);
        assertThat(config.contextTokens()).isEqualTo(64);
        assertThat(config.imageTokenId()).isEqualTo(7);
        assertThat(config.videoTokenId()).isEqualTo(8);
        assertThat(config.patchGeometry()).isEqualTo(new PatchGeometry(16, 1, 3));
    }

    @Test
    void aTowerThatSaysNothingOfItsPatchesCutsThemAsQwen2VlDoes() throws IOException {
        assertThat(read("{\"vision_config\": {}}").patchGeometry()).isEqualTo(PatchGeometry.QWEN2_VL);
    }

    @Test
    void anImageProcessorOfTheSamePatchesIsTaken() throws IOException {
        Files.writeString(
                folder.resolve("processor_config.json"),
                "{\"image_processor\": {\"patch_size\": 16, \"temporal_patch_size\": 1, \"merge_size\": 3}}");

        assertThat(read(CONFIG).patchGeometry()).isEqualTo(new PatchGeometry(16, 1, 3));
    }

    @ParameterizedTest
    @CsvSource({"patch_size, 14, 16", "temporal_patch_size, 2, 1", "merge_size, 2, 3"})
    void anImageProcessorOfOtherPatchesIsRefused(String field, int processors, int towers) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), "{\"" + field + "\": " + processors + "}");

        assertThatThrownBy(() -> read(CONFIG).patchGeometry())
                .isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith(
                        "preprocessor_config.json: expected %s to be %d, found %d", field, towers, processors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'patch_size': 16 | 'patch_size': 7 | vision_config: expected patch_size from 8 to 64, found 7",
                "'patch_size': 16 | 'patch_size': 65 | vision_config: expected patch_size from 8 to 64, found 65",
                "'patch_size': 16 | 'patch_size': 16.5 | expected vision_config.patch_size to be an integer, found 16.5",
                "'patch_size': 16 | 'patch_size': 16, 'spatial_patch_size': 14 | vision_config.spatial_patch_size to be 16",
                "_size': 1, | _size': 0, | vision_config: expected temporal_patch_size from 1 to 8, found 0",
                "'spatial_merge_size': 3 | 'spatial_merge_size': 9 | expected spatial_merge_size from 1 to 8, found 9",
                "'in_chans': 3 | 'in_chans': 4 | expected vision_config.in_chans to be 3, found 4",
            })
    void patchesOfNoModelAreRefusedInOneLine(String from, String to, String message) {
        assertThatThrownBy(() -> read(changed(from, to)).patchGeometry())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json: ")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aPlaceholderIsATokenId() {
        assertThatThrownBy(() -> read(changed("'image_token_id': 7", "'image_token_id': -7"))
                        .imageTokenId())
                .isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith("config.json: expected image_token_id to be a token id of at least 0, found -7");
    }

    private static String changed(String from, String to) {
        String config = CONFIG.replace(from.replace('\'', '"'), to.replace('\'', '"'));
        assertThat(config).isNotEqualTo(CONFIG);
        return config;
    }

    private CheckpointConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return CheckpointConfig.read(new CheckpointFolder(folder));
    }
}
