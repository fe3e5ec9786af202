package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.TextConfig.Mrope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigReaderTest {
    /** Qwen2-VL-2B's dimensions in the published form. */
    private static final String FLAT =
            """
            {"model_type": "qwen2_vl", "hidden_act": "silu", "hidden_size": 1536, "intermediate_size": 8960,
             "max_position_embeddings": 32768, "num_attention_heads": 12, "num_hidden_layers": 28,
             "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768,
             "tie_word_embeddings": true, "use_sliding_window": false, "vocab_size": 151936,
             "vision_start_token_id": 5, "vision_end_token_id": 6, "image_token_id": 7, "video_token_id": 8,
             "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
             "vision_config": {"depth": 32, "embed_dim": 1280, "mlp_ratio": 4, "num_heads": 16, "in_chans": 3,
                               "hidden_size": 1536, "patch_size": 14, "spatial_merge_size": 2,
                               "temporal_patch_size": 2}}
            """;

    /** The same as transformers 5 writes it. */
    private static final String NESTED =
            """
            {"model_type": "qwen2_vl", "tie_word_embeddings": true,
             "vision_start_token_id": 5, "vision_end_token_id": 6, "image_token_id": 7, "video_token_id": 8,
             "text_config": {"model_type": "qwen2_vl_text", "hidden_act": "silu", "hidden_size": 1536,
                             "intermediate_size": 8960, "layer_types": ["full_attention", "full_attention"],
                             "max_position_embeddings": 32768, "num_attention_heads": 12, "num_hidden_layers": 28,
                             "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "sliding_window": null,
                             "use_sliding_window": false, "vocab_size": 151936,
                             "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0,
                                                 "mrope_section": [16, 24, 24]}},
             "vision_config": {"depth": 32, "embed_dim": 1280, "hidden_act": "quick_gelu", "mlp_ratio": 4,
                               "num_heads": 16, "in_channels": 3, "hidden_size": 1536, "patch_size": 14,
                               "rope_parameters": {"rope_theta": 10000.0, "rope_type": "axial"},
                               "spatial_merge_size": 2, "temporal_patch_size": 2}}
            """;

    private static final ModelConfig EXPECTED = new ModelConfig(
            new TextConfig(
                    151936, 1536, 8960, 28, new AttentionHeads(12, 2, 128), new Mrope(1e6, 16, 24, 24), 1e-6, 32768),
            new VisionConfig(32, 1280, 16, 5120, 1536, 10000, PatchGeometry.QWEN2_VL),
            OutputHead.TIED_TO_EMBEDDINGS);

    @TempDir
    Path folder;

    @Test
    void readsBothFormsAlike() throws IOException {
        assertThat(read(FLAT)).isEqualTo(EXPECTED);
        assertThat(read(NESTED)).isEqualTo(EXPECTED);
    }

    @Test
    void findsTiedEmbeddingsInEitherPlace() throws IOException {
        String separate = NESTED.replace("\"tie_word_embeddings\": true,", "");
        assertThat(read(separate).outputHead()).isEqualTo(OutputHead.SEPARATE);
        String inText =
                separate.replace("\"use_sliding_window\"", "\"tie_word_embeddings\": true, \"use_sliding_window\"");
        assertThat(read(inText).outputHead()).isEqualTo(OutputHead.TIED_TO_EMBEDDINGS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'qwen2_vl' | 'llama' | model_type to be qwen2_vl, found \"llama\"",
                "'silu' | 'gelu' | hidden_act to be silu",
                "'use_sliding_window': false | 'use_sliding_window': true | use_sliding_window",
                "'type': 'mrope' | 'type': 'yarn' | rope_scaling.type to be default or mrope",
                "'type': 'mrope' | 'rope_type': 'linear' | rope_scaling.rope_type",
                "[16, 24, 24] | [16, 48] | mrope_section",
                "[16, 24, 24] | [16, 24, 23] | mrope_section",
                "[16, 24, 24] | [-16, 56, 24] | sections of at least 0",
                "'mrope_section' | 'other' | mrope_section",
                "'hidden_size': 1536 | 'hidden_size': 1537 | hidden_size",
                "'num_attention_heads': 12 | 'num_attention_heads': 0 | num_attention_heads",
                "'num_key_value_heads': 2 | 'num_key_value_heads': 5 | num_key_value_heads",
                "'vocab_size': 151936 | 'vocab_size': 'many' | vocab_size to be an integer",
                "'vocab_size': 151936 | 'vocab_size': null | vocab_size to be an integer",
                "'rms_norm_eps': 1e-06 | 'rms_norm_eps': 0 | rms_norm_eps",
                "'patch_size': 14 | 'patch_size': 0 | vision_config: expected patch_size from 8 to 64, found 0",
                "'in_chans': 3 | 'in_chans': 4 | vision_config.in_chans",
                "'mlp_ratio': 4 | 'mlp_ratio': 1.0001 | vision_config.mlp_ratio",
                "'num_heads': 16 | 'num_heads': 128 | divisible by 4",
                "'mlp_ratio': 4 | 'hidden_act': 'gelu', 'mlp_ratio': 4 | vision_config.hidden_act",
                "'vision_config' | 'audio_config' | vision_config to be an object",
            })
    void refusesWhatItDoesNotCompute(String from, String to, String message) {
        String config = FLAT.replace(from.replace('\'', '"'), to.replace('\'', '"'));
        assertThat(config).isNotEqualTo(FLAT);
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }

    @Test
    void refusesLayersWithSlidingAttention() {
        String sliding = NESTED.replace("[\"full_attention\", ", "[\"sliding_attention\", ");
        assertThatThrownBy(() -> read(sliding)).hasMessageContaining("text_config.layer_types");
    }

    private ModelConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return ModelConfigReader.read(CheckpointConfig.read(new CheckpointFolder(folder)));
    }
}
