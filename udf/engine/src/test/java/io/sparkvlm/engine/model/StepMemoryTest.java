package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.TextConfig.Mrope;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the largest steps take of the device's memory, beside what is planned for them. */
@Tag("device")
class StepMemoryTest {
    private static final int BLOCK_SIZE_TOKENS = 16;
    private static final int ROWS = 2048;
    private static final int CONTEXT = 8192;

    /** About as wide as Qwen2-VL-2B, and of few layers: they work one after the other, in the same memory. */
    private static final ModelConfig CONFIG = new ModelConfig(
            new TextConfig(
                    4096, 1536, 4096, 2, new AttentionHeads(12, 2, 128), new Mrope(1e6, 16, 24, 24), 1e-6, 32768),
            new VisionConfig(1, 1280, 16, 5120, 1536, 1e4, PatchGeometry.QWEN2_VL),
            OutputHead.TIED_TO_EMBEDDINGS);

    @ParameterizedTest
    @EnumSource
    void thePassOfTheTowerThatTakesMostStaysWithinItsPlan(DType dtype) throws IOException {
        PatchGrid grid = new PatchGrid(1, 64, VisionTower.PATCHES_AT_ONCE / 64, PatchGeometry.QWEN2_VL);
        List<VisionInput> inputs = List.of(new VisionInput(new byte[(int) grid.patchBytes()], grid, 0, "zeros"));
        try (Qwen2Vl model = model(dtype)) {
            long peak = PeakMemory.of(
                    TestDevice.chosen(), () -> model.encodeVision(inputs).forEach(Tensor::close));
            assertThat(peak).isLessThan(new StepMemory(CONFIG, TestDevice.chosen(), dtype).vision());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theChunkOfAPromptThatTakesMostStaysWithinItsPlan(DType dtype) throws IOException {
        staysWithinThePlan(1, dtype);
    }

    @ParameterizedTest
    @EnumSource
    void chunksOfPromptsAfterOneCachedPrefixStayWithinThePlan(DType dtype) throws IOException {
        staysWithinThePlan(64, dtype);
    }

    /** A step of as many rows as fit, the last of prompts that are as long as the context. */
    private static void staysWithinThePlan(int prompts, DType dtype) throws IOException {
        int rows = ROWS / prompts;
        int before = CONTEXT - rows;
        int shared = before / BLOCK_SIZE_TOKENS;
        int own = rows / BLOCK_SIZE_TOKENS;
        List<Segment> segments = new ArrayList<>();
        for (int prompt = 0; prompt < prompts; prompt++) {
            IntStream ownBlocks = IntStream.range(shared + prompt * own, shared + (prompt + 1) * own);
            int[] blocks =
                    IntStream.concat(IntStream.range(0, shared), ownBlocks).toArray();
            segments.add(new Segment(prompt * rows, rows, before, blocks, true));
        }
        int[] ids = new int[ROWS];
        int[] positions =
                IntStream.range(0, ROWS).map(row -> before + row % rows).toArray();
        StepInput step = new StepInput(ids, positions, positions, positions, segments, List.of());
        try (Qwen2Vl model = model(dtype);
                KvCache cache = ClearedCache.of(model, shared + prompts * own, BLOCK_SIZE_TOKENS)) {
            long peak = PeakMemory.of(
                    TestDevice.chosen(), () -> model.forward(step, cache).close());
            assertThat(peak).isLessThan(model.stepBytes(new StepLimits(ROWS, prompts, CONTEXT)));
        }
    }

    private static Qwen2Vl model(DType dtype) throws IOException {
        return SmallModel.of(CONFIG, (name, destination) -> destination.normal_(0, 0.02, null), dtype);
    }
}
