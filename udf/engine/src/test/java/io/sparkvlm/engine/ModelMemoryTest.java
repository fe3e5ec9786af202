package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.model.RankCheckpoint;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.engine.weights.WeightShapes;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What a model takes is counted without its weights, and is what it takes. */
final class ModelMemoryTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "BFLOAT16, NONE, 1", "FLOAT32, NONE, 1", "BFLOAT16, A16W8, 1", "FLOAT32, A16W8, 1", "BFLOAT16, A16W4, 1",
        "FLOAT32, A16W4, 1", "BFLOAT16, A8W8, 1", "BFLOAT16, NONE, 2", "FLOAT32, NONE, 2", "BFLOAT16, A16W8, 2",
        "BFLOAT16, A16W4, 4"
    })
    void theBytesOfEveryRankAreThoseOfALoadedModel(DType dtype, Quantization quantization, int ranks)
            throws IOException {
        for (OutputHead head : OutputHead.values()) {
            RankCheckpoint.write(folder, 8, 4, head);
            DeviceMesh mesh = DeviceMesh.ofCpu(ranks);
            try (Qwen2Vl loaded = Qwen2Vl.load(folder, mesh, dtype, quantization)) {
                List<Long> taken = bytes(loaded, ranks);
                EngineConfig config = config(folder, mesh, dtype, quantization);
                ModelMemory planned = ModelMemory.of(config, PlannedModel.read(folder));
                assertThat(planned.mostWeightBytes())
                        .as("%s", head)
                        .isEqualTo(taken.stream().mapToLong(Long::longValue).sum());
                assertThat(planned.cacheBytesPerBlock()).isEqualTo(loaded.cacheBytesPerBlock(16));
                try (Qwen2Vl unread = Qwen2Vl.withoutMemory(PlannedModel.read(folder), mesh, dtype, quantization)) {
                    assertThat(bytes(unread, ranks)).as("%s", head).isEqualTo(taken);
                }
            }
        }
    }

    /** One of its matrices is in act order, which the files say, and is turned back. */
    @ParameterizedTest
    @EnumSource
    void theBytesOfACheckpointThatWasPublishedQuantizedAreThoseOfALoadedModel(DType dtype) throws IOException {
        Path checkpoint = Reference.quantized().resolve("checkpoint");
        DeviceMesh mesh = DeviceMesh.ofCpu(1);
        try (Qwen2Vl loaded = Qwen2Vl.load(checkpoint, mesh, dtype, Quantization.NONE)) {
            EngineConfig config = config(checkpoint, mesh, dtype, Quantization.NONE);
            assertThat(ModelMemory.of(config, PlannedModel.read(checkpoint)).weightBytes())
                    .containsExactly(loaded.weightBytes(0));
        }
    }

    /**
     * On a GPU a code takes a byte, its group of 128 four bytes for the scale, and AWQ's two more for the zero. Of the layers'
     * matrices there are as many numbers as config.json says, all others are in bfloat16.
     */
    @ParameterizedTest
    @FieldSource("io.sparkvlm.engine.PublishedModel#QUANTIZED")
    void onAGpuACodeOfAPublishedModelTakesAByte(PublishedModel model) throws IOException {
        long codes = numbers(model, name -> name.matches("model\\.layers\\..*_proj\\.weight"));
        long others = numbers(model, name -> true) - codes;
        int ofGroup = model.repository().endsWith("AWQ") ? 6 : 4;
        ModelMemory memory = ModelMemory.of(
                config(folder, DeviceMesh.first(1, DeviceSpec.Kind.CUDA), DType.BFLOAT16, Quantization.NONE),
                model.planned());
        assertThat(memory.mostWeightBytes())
                .isEqualTo(codes + codes / 128 * ofGroup + 2 * others + 64 * (4 + 8) + 2 * 3 * 4);
    }

    private static long numbers(PublishedModel model, Predicate<String> ofNames) {
        return WeightShapes.of(model.config()).all().entrySet().stream()
                .filter(weight -> ofNames.test(weight.getKey()))
                .mapToLong(weight -> weight.getValue().stream().reduce(1L, (one, other) -> one * other))
                .sum();
    }

    private static List<Long> bytes(Qwen2Vl model, int ranks) {
        return IntStream.range(0, ranks).mapToObj(model::weightBytes).toList();
    }

    /** All parameters of the published checkpoints, and the constants: half a head's frequencies, mean and deviation of pixels. */
    @ParameterizedTest
    @FieldSource("io.sparkvlm.engine.PublishedModel#ALL")
    void onAGpuAllWeightsInBfloat16AreThere(PublishedModel model) throws IOException {
        long parameters = WeightShapes.of(model.config()).all().values().stream()
                .mapToLong(shape -> shape.stream().reduce(1L, (one, other) -> one * other))
                .sum();
        ModelMemory memory = ModelMemory.of(
                config(folder, DeviceMesh.first(1, DeviceSpec.Kind.CUDA), DType.BFLOAT16, Quantization.NONE),
                model.planned());
        assertThat(memory.mostWeightBytes()).isEqualTo(2 * parameters + 64 * (4 + 8) + 2 * 3 * 4);
    }

    @Test
    void aModelOfItsConfigurationAloneIsCountedLikeOneWhoseWeightsAreThere() throws IOException {
        RankCheckpoint.write(folder, 8, 4, OutputHead.SEPARATE);
        EngineConfig config = config(folder, DeviceMesh.ofCpu(1), DType.FLOAT32, Quantization.NONE);
        ModelMemory withWeights = ModelMemory.of(config, PlannedModel.read(folder));
        Files.delete(folder.resolve("model.safetensors"));
        assertThat(ModelMemory.of(config, PlannedModel.read(folder))).isEqualTo(withWeights);
    }

    private static EngineConfig config(Path checkpoint, DeviceMesh mesh, DType dtype, Quantization quantization) {
        return new EngineConfig(
                checkpoint,
                mesh,
                dtype,
                quantization,
                OptionalInt.empty(),
                64,
                2048,
                new CacheConfig(16, OptionalLong.empty(), PrefixCaching.ON, 0),
                1,
                Optional.empty());
    }
}
