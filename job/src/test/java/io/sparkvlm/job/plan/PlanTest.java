package io.sparkvlm.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.ModelMemory;
import io.sparkvlm.engine.PublishedModel;
import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans are what the engine takes, and say what to change. */
final class PlanTest {
    private static final Path DEMO_MODEL = Path.of("src/main/resources/io/sparkvlm/job/demo/model");
    private static final Path PAGE = Path.of("../docs/how-to/large-models.md");
    private static final int ROW_TOKENS = 2048;

    /** The fields that decide, as https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct-AWQ has them. */
    private static final String PUBLISHED_2B_AWQ =
            """
            {"architectures": ["Qwen2VLForConditionalGeneration"], "model_type": "qwen2_vl", "bos_token_id": 151643,
             "eos_token_id": 151645, "vision_start_token_id": 151652, "vision_end_token_id": 151653,
             "vision_token_id": 151654, "image_token_id": 151655, "video_token_id": 151656, "hidden_act": "silu",
             "hidden_size": 1536, "intermediate_size": 8960, "max_position_embeddings": 32768, "num_attention_heads": 12,
             "num_hidden_layers": 28, "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
             "sliding_window": 32768, "use_sliding_window": false, "max_window_layers": 28, "tie_word_embeddings": true,
             "torch_dtype": "float16", "vocab_size": 151936,
             "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
             "vision_config": {"depth": 32, "embed_dim": 1280, "mlp_ratio": 4, "num_heads": 16, "in_chans": 3,
              "hidden_size": 1536, "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14,
              "temporal_patch_size": 2},
             "quantization_config": {"bits": 4, "group_size": 128, "modules_to_not_convert": ["visual"],
              "quant_method": "awq", "version": "gemm", "zero_point": true}}
            """;

    private static final String PREPROCESSOR =
            """
            {"min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
             "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
            """;

    @TempDir
    private Path folder;

    /** The demo's weights are stored in bfloat16, so its embeddings may stay in their file. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, NONE", "FLOAT32, NONE", "BFLOAT16, A16W8", "BFLOAT16, A16W4", "FLOAT32, A8W8"})
    void theWeightsOfTheDemosModelAreThoseOfTheLoadedOne(DType dtype, Quantization quantization) throws IOException {
        EngineConfig config = config(DeviceSpec.Kind.CPU);
        EngineConfig other = new EngineConfig(
                DEMO_MODEL,
                config.mesh(),
                dtype,
                quantization,
                config.maxModelLen(),
                config.maxNumSeqs(),
                config.maxNumBatchedTokens(),
                config.cache(),
                1,
                config.profile());
        try (Qwen2Vl loaded = Qwen2Vl.load(DEMO_MODEL, DeviceMesh.ofCpu(1), dtype, quantization)) {
            assertThat(ModelMemory.of(other, PlannedModel.read(DEMO_MODEL)).weightBytes())
                    .containsExactly(loaded.weightBytes(0));
        }
    }

    @Test
    void thePageHasTheTableThatTheCommandPrints() throws IOException {
        String table = String.join("\n", new PlanTable(config(DeviceSpec.Kind.CUDA), ROW_TOKENS).lines());
        assertThat(Files.readString(PAGE)).contains("\n" + table + "\n");
    }

    @Test
    void whatFitsHasRoomForAllOfIt() throws IOException {
        assertThat(report(PublishedModel.QWEN2_VL_7B, DeviceSpec.Kind.CUDA, 24))
                .anyMatch(line -> line.matches("  weights +16\\.6 GB"))
                .anyMatch(line -> line.contains("57344 bytes a token"))
                .endsWith("fits");
    }

    @Test
    void whatDoesNotFitIsToldTheFlagsWithWhichItDoes() throws IOException {
        assertThat(report(PublishedModel.QWEN2_VL_72B, DeviceSpec.Kind.CUDA, 80))
                .endsWith("does not fit: --quantization a16w8, or --tensor-parallel-size 2");
        assertThat(report(PublishedModel.QWEN2_VL_72B, DeviceSpec.Kind.CUDA, 24))
                .endsWith("does not fit: --tensor-parallel-size 8, or --quantization a16w8 --tensor-parallel-size 4");
        assertThat(report(PublishedModel.QWEN2_VL_7B, DeviceSpec.Kind.CPU, 18))
                .endsWith("does not fit: --quantization a16w8, or --quantization a16w4");
        assertThat(report(PublishedModel.QWEN2_VL_2B, DeviceSpec.Kind.CUDA, 1))
                .endsWith("does not fit: take devices with more memory, or a smaller model");
    }

    /** As Qwen publishes it: no weights are read, of which the file here has none. */
    @Test
    void aCheckpointThatIsPublishedQuantizedIsPlannedByItsConfigurationAndItsHeaders() throws IOException {
        Files.writeString(folder.resolve("config.json"), PUBLISHED_2B_AWQ);
        PlannedModel ofConfiguration = PlannedModel.read(folder);
        PublishedModel published =
                PublishedModel.named("Qwen/Qwen2-VL-2B-Instruct-AWQ").orElseThrow();
        for (DeviceSpec.Kind kind : DeviceSpec.Kind.values()) {
            assertThat(ModelMemory.of(config(kind), ofConfiguration))
                    .isEqualTo(ModelMemory.of(config(kind), published.planned()));
        }

        Files.writeString(folder.resolve("preprocessor_config.json"), PREPROCESSOR);
        writeHeader(folder.resolve("model.safetensors"), published);
        assertThat(ModelMemory.of(config(DeviceSpec.Kind.CUDA), PlannedModel.read(folder)))
                .isEqualTo(ModelMemory.of(config(DeviceSpec.Kind.CUDA), ofConfiguration));
    }

    @Test
    void ofACheckpointThatIsPublishedQuantizedOnlyMoreDevicesAreAdvised() throws IOException {
        PublishedModel awq =
                PublishedModel.named("Qwen/Qwen2-VL-72B-Instruct-AWQ").orElseThrow();
        assertThat(report(awq, DeviceSpec.Kind.CUDA, 141)).first().asString().contains("quantization as published");
        assertThat(report(awq, DeviceSpec.Kind.CUDA, 141)).endsWith("fits");
        assertThat(report(awq, DeviceSpec.Kind.CUDA, 40)).endsWith("does not fit: --tensor-parallel-size 4");
        assertThat(report(awq, DeviceSpec.Kind.CPU, 40))
                .endsWith("does not fit: take devices with more memory, or a smaller model");
    }

    /** A safetensors file that has a header and a hole behind it. */
    private static void writeHeader(Path file, PublishedModel model) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        for (Map.Entry<String, List<Long>> weight :
                WeightShapes.of(model.config()).all().entrySet()) {
            String name = weight.getKey();
            boolean isPacked = name.matches("model\\.layers\\..*_proj\\.weight");
            Map<String, List<Long>> stored = isPacked
                    ? model.packing()
                            .orElseThrow()
                            .packing()
                            .shapes(weight.getValue().get(0), weight.getValue().get(1))
                    : Map.of("weight", weight.getValue());
            for (Map.Entry<String, List<Long>> part : stored.entrySet()) {
                boolean isNumber = !isPacked || part.getKey().equals("scales");
                ObjectNode tensor = header.putObject(isPacked ? name.replaceFirst("weight$", part.getKey()) : name);
                tensor.put("dtype", isNumber ? "F16" : "I32");
                part.getValue().forEach(tensor.withArray("shape")::add);
                tensor.withArray("data_offsets").add(end);
                end += part.getValue().stream().reduce(isNumber ? 2L : 4L, (one, other) -> one * other);
                tensor.withArray("data_offsets").add(end);
            }
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeLong(Long.reverseBytes(json.length));
            sparse.write(json);
            sparse.setLength(Long.BYTES + json.length + end);
        }
    }

    private static List<String> report(PublishedModel model, DeviceSpec.Kind kind, int gigabytes) throws IOException {
        Planner planner = new Planner(model.planned(), config(kind));
        return new PlanReport(planner, model.repository(), ROW_TOKENS).lines(planner.plan(gigabytes * 1_000_000_000L));
    }

    private static EngineConfig config(DeviceSpec.Kind kind) {
        return EngineOptions.defaults().settings(DEMO_MODEL.toString()).plannedConfig(kind);
    }
}
