package io.sparkvlm.bench;

import io.sparkvlm.checkpoint.CheckpointConfig;
import io.sparkvlm.checkpoint.CheckpointFolder;
import io.sparkvlm.engine.weights.ModelConfigReader;
import io.sparkvlm.engine.weights.WeightShapes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A checkpoint folder of given dimensions with random bf16 weights, in the published layout. */
public final class RandomCheckpoint {
    private static final int VISION_MLP_RATIO = 4;

    private RandomCheckpoint() {}

    /** Writes the settings, the tokenizer and model.safetensors into a folder, unless it has them with these dimensions. */
    public static void write(Dimensions dimensions, Path folder) throws IOException {
        Path settings = folder.resolve("config.json");
        Path weights = folder.resolve("model.safetensors");
        String wanted = config(dimensions);
        if (Files.exists(weights) && Files.readString(settings).equals(wanted)) {
            return;
        }
        System.err.println("Writing a random checkpoint to " + folder);
        Files.createDirectories(folder);
        Files.deleteIfExists(weights);
        Files.writeString(settings, wanted);
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                """
                {"min_pixels": 3136, "max_pixels": 1003520,
                 "size": {"shortest_edge": 3136, "longest_edge": 1003520},
                 "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
                 "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
                 "image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2VLProcessor"}
                """);
        RandomTokenizer.write(folder);
        CheckpointConfig config = CheckpointConfig.read(new CheckpointFolder(folder));
        writeWeights(WeightShapes.of(ModelConfigReader.read(config)).all(), weights);
    }

    private static String config(Dimensions dimensions) {
        int section = dimensions.headSize() / 8; // as [16, 24, 24] of a head of 128
        return """
                {"architectures": ["Qwen2VLForConditionalGeneration"],
                 "model_type": "qwen2_vl", "hidden_act": "silu", "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "vocab_size": %d,
                 "max_position_embeddings": 32768, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
                 "rope_scaling": {"type": "mrope", "mrope_section": [%d, %d, %d]}, "tie_word_embeddings": true,
                 "use_sliding_window": false, "torch_dtype": "bfloat16", "bos_token_id": 151643, "eos_token_id": 151645,
                 "vision_start_token_id": 151652, "vision_end_token_id": 151653, "vision_token_id": 151654,
                 "image_token_id": 151655, "video_token_id": 151656,
                 "vision_config": {"depth": %d, "embed_dim": %d, "hidden_size": %d, "num_heads": %d, "mlp_ratio": %d,
                                   "in_chans": 3, "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14,
                                   "temporal_patch_size": 2}}
                """
                .formatted(
                        dimensions.hiddenSize(),
                        dimensions.intermediateSize(),
                        dimensions.layers(),
                        dimensions.heads(),
                        dimensions.keyValueHeads(),
                        dimensions.vocabSize(),
                        section,
                        dimensions.headSize() / 2 - section - (dimensions.headSize() / 2 - section) / 2,
                        (dimensions.headSize() / 2 - section) / 2,
                        dimensions.visionDepth(),
                        dimensions.visionWidth(),
                        dimensions.hiddenSize(),
                        dimensions.visionHeads(),
                        VISION_MLP_RATIO);
    }

    private static void writeWeights(Map<String, List<Long>> shapes, Path file) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long offset = 0;
        for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
            long end = offset + 2 * elements(tensor.getValue());
            header.append(offset == 0 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), tensor.getValue(), offset, end));
            offset = end;
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] noise = noise();
        Path unfinished = file.resolveSibling(file.getFileName() + ".part"); // an interrupted write is no checkpoint
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            out.write(json);
            for (long left = offset; left > 0; left -= noise.length) {
                out.write(noise, 0, (int) Math.min(left, noise.length));
            }
        }
        Files.move(unfinished, file);
    }

    /** bf16 values of a spread that keeps activations finite; one stretch, repeated, is as good as fresh ones. */
    private static byte[] noise() {
        Random random = new Random(1);
        ByteBuffer values = ByteBuffer.allocate(2 * 1_000_003).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            values.putShort((short) (Float.floatToIntBits((float) (0.02 * random.nextGaussian())) >>> 16));
        }
        return values.array();
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
