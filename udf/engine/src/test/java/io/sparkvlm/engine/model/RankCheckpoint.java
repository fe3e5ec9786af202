package io.sparkvlm.engine.model;

import io.sparkvlm.engine.safetensors.SafetensorsBytes;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.torch.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Writes checkpoint folders of random weights whose heads can be divided. */
public final class RankCheckpoint {
    private RankCheckpoint() {}

    /** A small model with these heads of 32 dimensions. */
    public static void write(Path folder, int queries, int keyValues, OutputHead head) throws IOException {
        ModelConfig shape = SmallModel.withHeads(queries, keyValues, 32);
        ModelConfig config = new ModelConfig(shape.text(), shape.vision(), head);
        RandomWeights weights = new RandomWeights();
        SmallModel.of(config, weights, DType.FLOAT32).close();
        SafetensorsBytes file = new SafetensorsBytes();
        for (Map.Entry<String, long[]> weight : new TreeMap<>(weights.shapes()).entrySet()) {
            file.add(weight.getKey(), weight.getValue(), weights.values(weight.getKey()));
        }
        file.write(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "qwen2_vl", "hidden_size": %d, "intermediate_size": 48, "num_attention_heads": %d,
                 "num_hidden_layers": 2, "num_key_value_heads": %d, "rms_norm_eps": 1e-06, "rope_theta": 10000.0,
                 "tie_word_embeddings": %b, "vocab_size": 97, "max_position_embeddings": 4096,
                 "rope_scaling": {"type": "mrope", "mrope_section": [6, 6, 4]},
                 "vision_config": {"depth": 1, "embed_dim": 16, "mlp_ratio": 2, "num_heads": 2, "hidden_size": %d}}
                """
                        .formatted(
                                32 * queries, queries, keyValues, head == OutputHead.TIED_TO_EMBEDDINGS, 32 * queries));
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.25, 0.26, 0.27]}");
    }
}
