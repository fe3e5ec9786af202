package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint whose weights lie in the kernels' order is the same model. */
class PrepackedCheckpointTest {
    @TempDir
    private Path folder;

    private Path plain;
    private Path prepacked;

    @BeforeAll
    static void useOneThread() {
        TorchThreads.use(1);
    }

    @BeforeEach
    void writePlain() throws IOException {
        assumeTrue(LinearKernels.areFastest(), "libtorch multiplies on this machine");
        plain = Files.createDirectory(folder.resolve("plain"));
        prepacked = folder.resolve("prepacked");
        RankCheckpoint.write(plain, 4, 2, OutputHead.TIED_TO_EMBEDDINGS);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, TIED_TO_EMBEDDINGS",
        "A16W8, TIED_TO_EMBEDDINGS",
        "A16W4, TIED_TO_EMBEDDINGS",
        "A8W8, TIED_TO_EMBEDDINGS",
        "NONE, SEPARATE",
        "A8W8, SEPARATE"
    })
    void givesTheSameNumbersAndTakesTheSameMemory(Quantization quantization, OutputHead head) throws IOException {
        RankCheckpoint.write(plain, 4, 2, head);
        AtomicLong written = new AtomicLong();
        Qwen2Vl.prepack(plain, prepacked, quantization, written::addAndGet);
        assertThat(written.get()).isPositive();
        try (Qwen2Vl of = load(plain, quantization);
                Qwen2Vl same = load(prepacked, Quantization.NONE);
                Qwen2Vl planned = Qwen2Vl.withoutMemory(
                        PlannedModel.read(prepacked), DeviceMesh.ofCpu(1), DType.BFLOAT16, Quantization.NONE)) {
            assertThat(SmallModel.logits(same)).containsExactly(SmallModel.logits(of));
            assertThat(embeddings(same)).containsExactly(embeddings(of));
            assertThat(same.weightBytes(0)).isEqualTo(of.weightBytes(0)).isEqualTo(planned.weightBytes(0));
        }
    }

    @Test
    void isOpenedWithoutTheCheckpointThatItWasMadeFrom() throws IOException {
        Files.writeString(plain.resolve("tokenizer.json"), "{}");
        Path unfinished = Files.createDirectory(folder.resolve("prepacked.part"));
        assertThatThrownBy(this::prepack)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("prepacked.part: expected none, found one that no earlier call left");
        Files.writeString(unfinished.resolve("model.safetensors"), "of a call that was killed");
        Path lock = Files.createFile(unfinished.resolve(".lock"));
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            other.lock();
            assertThatThrownBy(this::prepack)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("prepacked.part: expected none, found one that another call is writing");
        }
        prepack();
        assertThat(prepacked.resolve("model.safetensors")).doesNotExist();
        assertThat(prepacked.resolve(".lock")).doesNotExist();
        assertThat(folder.resolve("prepacked.part")).doesNotExist();
        assertThat(prepacked.resolve("tokenizer.json")).hasContent("{}");
        try (Stream<Path> files = Files.list(plain)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try (Qwen2Vl model = load(prepacked, Quantization.NONE)) {
            assertThat(SmallModel.logits(model)).hasSize(97);
        }
    }

    @Test
    void isRefusedWhereItCannotBeTakenAsItIs() throws IOException {
        prepack();
        assertThatThrownBy(() -> load(prepacked, Quantization.A8W8))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("--quantization a8w8")
                .hasMessageContaining("give it to prepack");
        assertThatThrownBy(() -> Qwen2Vl.load(prepacked, DeviceMesh.ofCpu(1), DType.FLOAT32, Quantization.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected --device cpu and --dtype bfloat16")
                .hasMessageContaining("found cpu and float32");
        assertThatThrownBy(() -> Qwen2Vl.load(
                        prepacked, DeviceMesh.first(1, DeviceSpec.Kind.CUDA), DType.BFLOAT16, Quantization.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("found cuda and bfloat16");
        assertThatThrownBy(() -> Qwen2Vl.load(prepacked, DeviceMesh.ofCpu(2), DType.BFLOAT16, Quantization.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected one device");
        assertThatThrownBy(() -> Qwen2Vl.prepack(prepacked, folder.resolve("again"), Quantization.NONE, bytes -> {}))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("found one that is prepacked");
        assertThat(folder.resolve("again")).doesNotExist();
    }

    @Test
    void isRefusedByNameWhereItIsNotWhatItSays() throws IOException {
        prepack();
        refused("\"version\" : 1", "\"version\" : 2", "version to be 1: run sparkvlm prepack");
        refused("\"quantization\" : \"none\"", "\"quantization\" : \"a4w4\"", "expected quantization none, ");
        refused("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3", "model.layers.2.");
        refused(
                "\"intermediate_size\" : 48",
                "\"intermediate_size\" : 64",
                "model.layers.0.mlp.down_proj: expected packed of ");
    }

    @Test
    void doesNotFollowALinkOutOfTheCheckpoint() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s");
        Files.createSymbolicLink(plain.resolve("notes.txt"), secret);
        assertThatThrownBy(this::prepack)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("found a link that leads elsewhere");
        assertThat(folder.resolve("prepacked.part")).doesNotExist();
        assertThat(prepacked).doesNotExist();
    }

    @Test
    void aMatrixThatTheModelDoesNotAskForIsMissed() throws IOException {
        prepack();
        Path index = prepacked.resolve("model.safetensors.index.json");
        Path weights = prepacked.resolve("model-00001-of-00001.safetensors");
        String gate = "model.layers.0.mlp.gate_proj";
        String up = "model.layers.0.mlp.up_proj";
        for (Path file : List.of(index, weights)) { // as long, so that the header stays true
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(text).contains(gate + "+" + up);
            Files.writeString(file, text.replace(gate + "+" + up, up + "+" + gate), StandardCharsets.ISO_8859_1);
        }
        assertThatThrownBy(() -> load(prepacked, Quantization.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected tensor " + gate + ".weight, found none of that name");
    }

    @Test
    void isPlannedForWhatItIs() throws IOException {
        prepack();
        PlannedModel planned = PlannedModel.read(prepacked);
        assertThatThrownBy(() -> Qwen2Vl.withoutMemory(
                        planned, DeviceMesh.first(1, DeviceSpec.Kind.CUDA), DType.BFLOAT16, Quantization.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected --device cpu");
    }

    @Test
    void isRefusedAtOnceAsAWhole() throws IOException {
        prepack();
        Path config = prepacked.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"intermediate_size\" : 48", "\"intermediate_size\" : 640"));
        assertThatThrownBy(() -> Checkpoint.open(prepacked))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.layers.0.mlp.")
                .hasMessageContaining(": expected packed of ");
    }

    private void refused(String said, String instead, String why) throws IOException {
        Path config = prepacked.resolve("config.json");
        String whole = Files.readString(config);
        assertThat(whole).contains(said);
        Files.writeString(config, whole.replace(said, instead));
        assertThatThrownBy(() -> load(prepacked, Quantization.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(why);
        Files.writeString(config, whole);
    }

    private void prepack() throws IOException {
        Qwen2Vl.prepack(plain, prepacked, Quantization.NONE, bytes -> {});
    }

    private static Qwen2Vl load(Path folder, Quantization quantization) throws IOException {
        return Qwen2Vl.load(folder, DeviceMesh.ofCpu(1), DType.BFLOAT16, quantization);
    }

    private static float[] embeddings(Qwen2Vl model) {
        PatchGrid grid = new PatchGrid(1, 4, 4, model.geometry());
        byte[] patches = new byte[(int) grid.patchBytes()];
        new Random(1).nextBytes(patches);
        VisionInput picture = new VisionInput(patches, grid, 0, "");
        try (TensorScope scope = new TensorScope()) {
            return HostTensors.toFloats(
                    scope.adopt(model.encodeVision(List.of(picture)).get(0)));
        }
    }
}
