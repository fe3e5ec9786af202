package io.sparkvlm.engine.model;

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
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Times a model of Qwen2-VL-2B's dimensions beside what this machine can do at all. A program, not a test: {@code
 * ModelSpeed [text layers] [vision blocks]}, 28 and 32 unless told otherwise.
 */
final class ModelSpeed {
    private static final int BLOCK_SIZE_TOKENS = 16;

    private ModelSpeed() {}

    public static void main(String[] arguments) throws IOException {
        TorchThreads.use(Integer.getInteger("threads", Runtime.getRuntime().availableProcessors()));
        int layers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 28;
        int blocks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
        ModelConfig config = new ModelConfig(
                new TextConfig(
                        151936,
                        1536,
                        8960,
                        layers,
                        new AttentionHeads(12, 2, 128),
                        new Mrope(1e6, 16, 24, 24),
                        1e-6,
                        32768),
                new VisionConfig(blocks, 1280, 16, 5120, 1536, 1e4, PatchGeometry.QWEN2_VL),
                OutputHead.TIED_TO_EMBEDDINGS);
        machine();
        try (Qwen2Vl model = Qwen2Vl.load(
                config,
                SmallModel.NORMALIZATION,
                (name, destination) -> destination.normal_(0, name.contains("norm") ? 1 : 0.02, null),
                new TensorFactory(DeviceSpec.CPU, DType.BFLOAT16),
                Quantization.NONE)) {
            System.out.printf("%d text layers, %d vision blocks%n", layers, blocks);
            prefill(model, 1225);
            decode(model, 1, 64);
            decode(model, 8, 64);
            decode(model, 8, 1300);
            vision(model, new PatchGrid(1, 70, 70, PatchGeometry.QWEN2_VL));
            machine();
        }
    }

    /** The bounds: a product of matrices of the MLP's size into memory that is there, and reading memory once. */
    private static void machine() {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(DeviceSpec.CPU, DType.BFLOAT16)) {
            Tensor weight = factory.zeros(17920, 1536);
            Tensor rows = factory.zeros(1024, 1536);
            Tensor product = factory.zeros(1024, 17920);
            Tensor transposed = weight.t();
            double seconds = best(3, () -> torch.mm_out(product, rows, transposed));
            Tensor memory = factory.floats(new float[1 << 26]);
            double read = best(3, () -> memory.sum());
            System.out.printf(
                    Locale.ROOT,
                    "machine: mm %.2f TFLOP/s, reading %.1f GB/s%n",
                    2e-12 * 1024 * 1536 * 17920 / seconds,
                    1e-9 * memory.numel() * Float.BYTES / read);
        }
    }

    private static void prefill(Qwen2Vl model, int tokens) {
        int blocks = tokens / BLOCK_SIZE_TOKENS + 1;
        try (KvCache cache = ClearedCache.of(model, blocks, BLOCK_SIZE_TOKENS)) {
            int[] ids = new int[tokens];
            int[] positions = IntStream.range(0, tokens).toArray();
            Segment segment =
                    new Segment(0, tokens, 0, IntStream.range(0, blocks).toArray(), true);
            StepInput step = new StepInput(ids, positions, positions, positions, List.of(segment), List.of());
            double seconds = best(2, () -> model.forward(step, cache).close());
            System.out.printf(
                    Locale.ROOT,
                    "prefill %d: %.3f s, %.0f tokens/s, linears alone %.2f TFLOP/s%n",
                    tokens,
                    seconds,
                    tokens / seconds,
                    2e-12 * tokens * linearWeights(model.config().text()) / seconds);
        }
    }

    private static void decode(Qwen2Vl model, int sequences, int context) {
        int each = context / BLOCK_SIZE_TOKENS + 1;
        try (KvCache cache = ClearedCache.of(model, sequences * each, BLOCK_SIZE_TOKENS)) {
            List<Segment> segments = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                int first = i;
                // Every so many blocks, as when sequences grow side by side.
                int[] table = IntStream.range(0, each)
                        .map(block -> block * sequences + first)
                        .toArray();
                segments.add(new Segment(i, 1, context, table, true));
            }
            int[] ids = new int[sequences];
            StepInput step = new StepInput(ids, ids, ids, ids, segments, List.of());
            double seconds = best(6, () -> model.forward(step, cache).close());
            TextConfig text = model.config().text();
            double bytes = 2.0 * (linearWeights(text) + (double) text.vocabSize() * text.hiddenSize());
            System.out.printf(
                    Locale.ROOT,
                    "decode %d after %d: %.1f ms a step, %.1f tokens/s, weights at %.1f GB/s%n",
                    sequences,
                    context,
                    1e3 * seconds,
                    sequences / seconds,
                    1e-9 * bytes / seconds);
        }
    }

    private static void vision(Qwen2Vl model, PatchGrid grid) {
        VisionInput input = new VisionInput(new byte[(int) grid.patchBytes()], grid, 0, "zeros");
        double seconds = best(2, () -> model.encodeVision(List.of(input)).get(0).close());
        System.out.printf(Locale.ROOT, "vision %d patches: %.2f s%n", grid.patches(), seconds);
    }

    private static double linearWeights(TextConfig text) {
        int keysAndValues = 2 * text.heads().keyValues() * text.heads().size();
        double attention = text.hiddenSize() * (2.0 * text.hiddenSize() + keysAndValues);
        return text.layers() * (attention + 3.0 * text.hiddenSize() * text.intermediateSize());
    }

    private static double best(int times, Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= times; i++) {
            long start = now();
            try (TensorScope scope = new TensorScope()) {
                work.run();
            }
            best = Math.min(best, 1e-9 * (now() - start));
        }
        return best;
    }

    /** With one thread its processor time, which other programs on the machine do not add to. */
    private static long now() {
        return torch.get_num_threads() == 1
                ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
                : System.nanoTime();
    }
}
