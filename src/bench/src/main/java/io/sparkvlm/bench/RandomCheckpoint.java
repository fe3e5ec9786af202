package io.sparkvlm.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A checkpoint folder of given dimensions with random bf16 weights, in the published layout. */
final class RandomCheckpoint {
    private static final int VISION_MLP_RATIO = 4;

    private final Dimensions dimensions;
    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    private RandomCheckpoint(Dimensions dimensions) {
        this.dimensions = dimensions;
        languageModel();
        visionTower();
    }

    /** Writes config.json, preprocessor_config.json and model.safetensors into a folder. */
    static void write(Dimensions dimensions, Path folder) throws IOException {
        RandomCheckpoint checkpoint = new RandomCheckpoint(dimensions);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), checkpoint.config());
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                """
                {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
                 "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2}
                """);
        checkpoint.writeWeights(folder.resolve("model.safetensors"));
    }

    private void languageModel() {
        int hidden = dimensions.hiddenSize();
        int keyValue = dimensions.keyValueHeads() * dimensions.headSize();
        shape("model.embed_tokens.weight", dimensions.vocabSize(), hidden);
        for (int i = 0; i < dimensions.layers(); i++) {
            String layer = "model.layers." + i + ".";
            shape(layer + "input_layernorm.weight", hidden);
            shape(layer + "post_attention_layernorm.weight", hidden);
            linear(layer + "self_attn.q_proj", hidden, hidden);
            linear(layer + "self_attn.k_proj", keyValue, hidden);
            linear(layer + "self_attn.v_proj", keyValue, hidden);
            shape(layer + "self_attn.o_proj.weight", hidden, hidden);
            shape(layer + "mlp.gate_proj.weight", dimensions.intermediateSize(), hidden);
            shape(layer + "mlp.up_proj.weight", dimensions.intermediateSize(), hidden);
            shape(layer + "mlp.down_proj.weight", hidden, dimensions.intermediateSize());
        }
        shape("model.norm.weight", hidden);
    }

    private void visionTower() {
        int width = dimensions.visionWidth();
        shape("visual.patch_embed.proj.weight", width, 3, 2, 14, 14);
        for (int i = 0; i < dimensions.visionDepth(); i++) {
            String block = "visual.blocks." + i + ".";
            layerNorm(block + "norm1", width);
            layerNorm(block + "norm2", width);
            linear(block + "attn.qkv", 3 * width, width);
            linear(block + "attn.proj", width, width);
            linear(block + "mlp.fc1", VISION_MLP_RATIO * width, width);
            linear(block + "mlp.fc2", width, VISION_MLP_RATIO * width);
        }
        layerNorm("visual.merger.ln_q", width);
        linear("visual.merger.mlp.0", 4 * width, 4 * width);
        linear("visual.merger.mlp.2", dimensions.hiddenSize(), 4 * width);
    }

    private void linear(String name, int out, int in) {
        shape(name + ".weight", out, in);
        shape(name + ".bias", out);
    }

    private void layerNorm(String name, int width) {
        shape(name + ".weight", width);
        shape(name + ".bias", width);
    }

    private void shape(String name, int... shape) {
        shapes.put(name, shape);
    }

    private String config() {
        int section = dimensions.headSize() / 8; // as [16, 24, 24] of a head of 128
        return """
                {"model_type": "qwen2_vl", "hidden_act": "silu", "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "vocab_size": %d,
                 "max_position_embeddings": 32768, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
                 "rope_scaling": {"type": "mrope", "mrope_section": [%d, %d, %d]}, "tie_word_embeddings": true,
                 "use_sliding_window": false, "torch_dtype": "bfloat16", "bos_token_id": 0, "eos_token_id": 1,
                 "vision_start_token_id": 2, "vision_end_token_id": 3, "vision_token_id": 4, "image_token_id": 5,
                 "video_token_id": 6,
                 "vision_config": {"depth": %d, "embed_dim": %d, "hidden_size": %d, "num_heads": %d, "mlp_ratio": %d,
                                   "in_chans": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}}
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

    private void writeWeights(Path file) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long offset = 0;
        for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
            long end = offset + 2 * elements(tensor.getValue());
            String shape =
                    IntStream.of(tensor.getValue()).mapToObj(String::valueOf).collect(Collectors.joining(","));
            header.append(offset == 0 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"BF16\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), shape, offset, end));
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

    private static long elements(int[] shape) {
        return IntStream.of(shape).asLongStream().reduce(1, Math::multiplyExact);
    }
}
