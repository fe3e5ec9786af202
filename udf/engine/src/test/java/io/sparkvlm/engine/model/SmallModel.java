package io.sparkvlm.engine.model;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.PixelNormalization;
import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.TextConfig.Mrope;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.engine.weights.WeightSource;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.List;

/** Models that are small but for the shape of their heads. */
final class SmallModel {
    static final int VOCABULARY = 97;
    static final PixelNormalization NORMALIZATION =
            new PixelNormalization(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.26, 0.27));

    private SmallModel() {}

    /** Two layers with these heads, whose frequencies follow the three axes in sections of unequal size. */
    static ModelConfig withHeads(int queries, int keyValues, int size) {
        int height = size / 2 / 3 + 1;
        int width = size / 2 / 4;
        TextConfig text = new TextConfig(
                VOCABULARY,
                queries * size,
                48,
                2,
                new AttentionHeads(queries, keyValues, size),
                new Mrope(1e4, size / 2 - height - width, height, width),
                1e-6,
                4096);
        return new ModelConfig(
                text,
                new VisionConfig(1, 16, 2, 32, text.hiddenSize(), 1e4, PatchGeometry.QWEN2_VL),
                OutputHead.TIED_TO_EMBEDDINGS);
    }

    static Qwen2Vl of(ModelConfig config, WeightSource weights, DType dtype) throws IOException {
        return Qwen2Vl.load(
                config, NORMALIZATION, weights, new TensorFactory(TestDevice.chosen(), dtype), Quantization.NONE);
    }

    /** Of the token after three. */
    static float[] logits(Qwen2Vl model) {
        int[] ids = {1, 2, 3};
        Segment segment = new Segment(0, 3, 0, new int[] {0}, true);
        try (TensorScope scope = new TensorScope();
                KvCache cache = ClearedCache.of(model, 1, 4)) {
            StepInput step = new StepInput(ids, ids, ids, ids, List.of(segment), List.of());
            return HostTensors.toFloats(scope.adopt(model.forward(step, cache)));
        }
    }
}
