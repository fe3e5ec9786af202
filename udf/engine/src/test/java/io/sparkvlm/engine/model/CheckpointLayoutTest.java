package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.engine.safetensors.SafetensorsBytes;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a checkpoint is cut into files and its weights are named, the model is the same. */
@Tag("device")
class CheckpointLayoutTest {
    private static final ModelConfig CONFIG = SmallModel.withHeads(2, 1, 32);

    @TempDir
    Path folder;

    private final RandomWeights weights = new RandomWeights();

    @BeforeAll
    static void useOneThread() {
        TorchThreads.use(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64})
    void anyNumberOfShardsIsTheSameModel(int shards) throws IOException {
        float[] expected = expectedLogits();
        write(UnaryOperator.identity(), shards);
        assertThat(logitsOfTheFolder()).containsExactly(expected);
    }

    @Test
    void nestedNamesAreTheSameModel() throws IOException {
        float[] expected = expectedLogits();
        write(CheckpointLayoutTest::nested, 1);
        assertThat(logitsOfTheFolder()).containsExactly(expected);
    }

    @Test
    void aMissingWeightIsNamed() throws IOException {
        expectedLogits();
        weights.shapes().remove("model.layers.1.mlp.up_proj.weight");
        write(UnaryOperator.identity(), 1);
        assertThatThrownBy(this::logitsOfTheFolder)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("found 44 of them")
                .hasMessageContaining("model.layers.1.mlp.up_proj.weight is missing");
    }

    @Test
    void aModelTakesEveryWeightThatACheckpointMustHave() throws IOException {
        expectedLogits();
        assertThat(weights.shapes().keySet())
                .isEqualTo(WeightShapes.of(CONFIG).all().keySet());
    }

    @Test
    void aWeightOfAnotherShapeIsNamed() throws IOException {
        expectedLogits();
        weights.shapes().put("visual.merger.mlp.0.weight", new long[] {32, 128});
        write(UnaryOperator.identity(), 1);
        assertThatThrownBy(this::logitsOfTheFolder)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors: tensor visual.merger.mlp.0.weight")
                .hasMessageContaining("expected shape [64, 64] after config.json, found [32, 128]");
    }

    private float[] expectedLogits() throws IOException {
        try (Qwen2Vl model = SmallModel.of(CONFIG, weights, DType.FLOAT32)) {
            return SmallModel.logits(model);
        }
    }

    private float[] logitsOfTheFolder() throws IOException {
        try (Qwen2Vl model =
                Qwen2Vl.load(folder, DeviceMesh.of(TestDevice.chosen()), DType.FLOAT32, Quantization.NONE)) {
            return SmallModel.logits(model);
        }
    }

    private void write(UnaryOperator<String> naming, int shards) throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "qwen2_vl", "hidden_size": 64, "intermediate_size": 48, "num_attention_heads": 2,
                 "num_hidden_layers": 2, "num_key_value_heads": 1, "rms_norm_eps": 1e-06, "rope_theta": 10000.0,
                 "tie_word_embeddings": true, "vocab_size": 97, "max_position_embeddings": 4096,
                 "rope_scaling": {"type": "mrope", "mrope_section": [6, 6, 4]},
                 "vision_config": {"depth": 1, "embed_dim": 16, "mlp_ratio": 2, "num_heads": 2, "hidden_size": 64}}
                """);
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.25, 0.26, 0.27]}");
        List<SafetensorsBytes> files = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            files.add(new SafetensorsBytes());
        }
        StringBuilder weightMap = new StringBuilder();
        int next = 0;
        for (Map.Entry<String, long[]> weight : new TreeMap<>(weights.shapes()).entrySet()) {
            String name = naming.apply(weight.getKey());
            int shard = next++ % shards;
            files.get(shard).add(name, weight.getValue(), weights.values(weight.getKey()));
            weightMap.append(
                    "%s\"%s\":\"%s\"".formatted(weightMap.isEmpty() ? "" : ",", name, fileName(shard, shards)));
        }
        for (int shard = 0; shard < shards; shard++) {
            files.get(shard).write(folder.resolve(fileName(shard, shards)));
        }
        if (shards > 1) {
            Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + weightMap + "}}");
        }
    }

    private static String nested(String name) {
        return name.startsWith("visual.") ? "model." + name : name.replace("model.", "model.language_model.");
    }

    private static String fileName(int shard, int shards) {
        return shards == 1 ? "model.safetensors" : "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards);
    }
}
