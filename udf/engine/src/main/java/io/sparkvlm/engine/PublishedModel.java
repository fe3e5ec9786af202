package io.sparkvlm.engine;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.ModelConfig.OutputHead;
import io.sparkvlm.engine.weights.PlannedModel;
import io.sparkvlm.engine.weights.PlannedPacking;
import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.TextConfig.Mrope;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.quantization.PackedMatrix.Zeros;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Packing.Layout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A model that is published, with the dimensions that its config.json has.
 *
 * @param repository its name on Hugging Face's hub
 * @param packing of weights that are published quantized; empty for all others
 */
public record PublishedModel(String repository, ModelConfig config, Optional<PlannedPacking> packing) {
    public static final PublishedModel QWEN2_VL_2B = new PublishedModel(
            "Qwen/Qwen2-VL-2B-Instruct", config(151936, 1536, 8960, 28, heads(12, 2), OutputHead.TIED_TO_EMBEDDINGS));

    public static final PublishedModel QWEN2_VL_7B = new PublishedModel(
            "Qwen/Qwen2-VL-7B-Instruct", config(152064, 3584, 18944, 28, heads(28, 4), OutputHead.SEPARATE));

    public static final PublishedModel QWEN2_VL_72B = new PublishedModel(
            "Qwen/Qwen2-VL-72B-Instruct", config(152064, 8192, 29568, 80, heads(64, 8), OutputHead.SEPARATE));

    public static final List<PublishedModel> ALL = List.of(QWEN2_VL_2B, QWEN2_VL_7B, QWEN2_VL_72B);

    /** The same models, quantized: of the largest, the MLP is a little wider there, so that groups can be divided. */
    public static final List<PublishedModel> QUANTIZED = Stream.of(
                    QWEN2_VL_2B,
                    QWEN2_VL_7B,
                    new PublishedModel(
                            QWEN2_VL_72B.repository,
                            config(152064, 8192, 29696, 80, heads(64, 8), OutputHead.SEPARATE)))
            .flatMap(PublishedModel::quantized)
            .toList();

    private PublishedModel(String repository, ModelConfig config) {
        this(repository, config, Optional.empty());
    }

    private static Stream<PublishedModel> quantized(PublishedModel model) {
        return Stream.of(
                model.quantized("-GPTQ-Int8", Layout.GPTQ, 8, Zeros.IN_THE_MIDDLE),
                model.quantized("-GPTQ-Int4", Layout.GPTQ, 4, Zeros.IN_THE_MIDDLE),
                model.quantized("-AWQ", Layout.AWQ, 4, Zeros.ANYWHERE));
    }

    private PublishedModel quantized(String suffix, Layout layout, int bits, Zeros zeros) {
        Packing packing = new Packing(layout, bits, OptionalInt.of(128)); // group_size
        return new PublishedModel(repository + suffix, config, Optional.of(PlannedPacking.ofAllLayers(packing, zeros)));
    }

    /** What decides how much memory it takes. */
    public PlannedModel planned() {
        return PlannedModel.published(config, packing);
    }

    /** The one that the hub has by this name. */
    public static Optional<PublishedModel> named(String repository) {
        return Stream.concat(ALL.stream(), QUANTIZED.stream())
                .filter(model -> model.repository.equals(repository))
                .findFirst();
    }

    private static AttentionHeads heads(int queries, int keyValues) {
        return new AttentionHeads(queries, keyValues, 128);
    }

    /** What they have in common stands here. */
    private static ModelConfig config(
            int vocabSize, int hiddenSize, int intermediateSize, int layers, AttentionHeads heads, OutputHead head) {
        TextConfig text = new TextConfig(
                vocabSize, hiddenSize, intermediateSize, layers, heads, new Mrope(1e6, 16, 24, 24), 1e-6, 32768);
        return new ModelConfig(
                text, new VisionConfig(32, 1280, 16, 5120, hiddenSize, 1e4, PatchGeometry.QWEN2_VL), head);
    }
}
