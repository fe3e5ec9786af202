package io.sparkvlm.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.ModelMemory;
import io.sparkvlm.engine.PublishedModel;
import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans are what the engine takes, and say what to change. */
final class PlanTest {
    private static final Path DEMO_MODEL = Path.of("src/main/resources/io/sparkvlm/job/demo/model");
    private static final Path PAGE = Path.of("../docs/how-to/large-models.md");
    private static final int ROW_TOKENS = 2048;

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

    private static List<String> report(PublishedModel model, DeviceSpec.Kind kind, int gigabytes) throws IOException {
        Planner planner = new Planner(PlannedModel.published(model.config()), config(kind));
        return new PlanReport(planner, model.repository(), ROW_TOKENS).lines(planner.plan(gigabytes * 1_000_000_000L));
    }

    private static EngineConfig config(DeviceSpec.Kind kind) {
        return EngineOptions.defaults().settings(DEMO_MODEL.toString()).plannedConfig(kind);
    }
}
