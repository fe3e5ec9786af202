package io.sparkvlm.engine.model;

import io.sparkvlm.engine.nn.Linear;
import io.sparkvlm.engine.nn.RmsNorm;
import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.RankSplit;
import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.attention.AttentionOperator;
import io.sparkvlm.torch.decoder.GpuDecoder;
import io.sparkvlm.torch.decoder.KernelDecoder;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The language model, or a rank's part of it: from a step's tokens, vision embeddings and cache to logits. */
final class TextDecoder implements AutoCloseable {
    private static final String EMBEDDINGS = "model.embed_tokens";

    private final RankSplit split;
    private final Collectives collectives;
    private final TensorFactory factory;
    private final AttentionOperator attention;
    private final Tensor embeddings; // [the rank's part of the vocabulary, hidden size]
    private final Tensor frequencies; // float32, [half a head]
    private final Tensor axes; // int64, [half a head]: the axis that each frequency follows
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final Optional<KernelDecoder> kernels; // of all layers, where they are of kernels
    private final Optional<GpuDecoder> graphs; // of decode steps, where a GPU computes them
    private final RmsNorm norm;
    private final Linear output;

    /** @param weights those of the rank */
    TextDecoder(
            ModelConfig config,
            RankSplit split,
            Collectives collectives,
            WeightLoader weights,
            Quantization quantization)
            throws IOException {
        this.split = split;
        this.collectives = collectives;
        TextConfig text = config.text();
        this.factory = weights.factory();
        this.attention = AttentionOperator.on(factory);
        this.embeddings = weights.table(EMBEDDINGS + ".weight");
        try (TensorScope scope = new TensorScope()) {
            float[] inverse = RotaryAngles.inverseFrequencies(
                    text.mrope().theta(), text.heads().size());
            this.frequencies = weights.resident().keep(factory.floats(inverse));
            this.axes = weights.resident().keep(factory.indices(axes(text.mrope())));
        }
        WeightLoader rounding = weights.rounding(quantization);
        for (int layer = 0; layer < text.layers(); layer++) {
            layers.add(new DecoderLayer("model.layers." + layer, split, collectives, rounding));
        }
        this.kernels = split.ranks() == 1 ? kernels(text, weights.resident()) : Optional.empty();
        this.norm = weights.rmsNorm("model.norm", text.rmsNormEpsilon());
        WeightLoader ofHead = weights.rounding(quantization.ofOutputHead());
        this.output = switch (config.outputHead()) {
            case TIED_TO_EMBEDDINGS -> ofHead.tiedTo(EMBEDDINGS, embeddings);
            case SEPARATE -> ofHead.linear("lm_head");
        };
        this.graphs = split.ranks() == 1 ? graphs(text) : Optional.empty();
    }

    private Optional<KernelDecoder> kernels(TextConfig config, ResidentTensors resident) {
        return KernelDecoder.of(
                layers.stream().map(DecoderLayer::operators).toList(),
                config.heads().queries(),
                config.heads().keyValues(),
                config.heads().size(),
                config.rmsNormEpsilon(),
                resident);
    }

    private Optional<GpuDecoder> graphs(TextConfig config) {
        GpuDecoder.Model model = new GpuDecoder.Model(
                embeddings,
                frequencies,
                axes,
                layers.stream().map(DecoderLayer::operators).toList(),
                config.heads().queries(),
                config.heads().keyValues(),
                config.heads().size(),
                config.rmsNormEpsilon(),
                norm.weight(),
                output.operator());
        return GpuDecoder.of(model, factory);
    }

    private static int[] axes(TextConfig.Mrope mrope) {
        int[] axes = new int[mrope.frequencies()];
        Arrays.fill(axes, mrope.temporal(), mrope.temporal() + mrope.height(), 1);
        Arrays.fill(axes, mrope.temporal() + mrope.height(), axes.length, 2);
        return axes;
    }

    /** float32 logits [segments that want them, vocabulary], in the segments' order; for the caller's scope. */
    Tensor forward(StepInput step, KvCache cache) {
        if (graphs.isEmpty() || !step.isDecoding()) {
            return byOperators(step, cache);
        }
        GpuDecoder.Step rows =
                new GpuDecoder.Step(step.tokenIds(), step.positions(), cache.slots(step), step.sequences());
        return graphs.get().logits(rows, cache.addresses(split.rank())).orElseGet(() -> byOperators(step, cache));
    }

    private Tensor byOperators(StepInput step, KvCache cache) {
        Tensor hidden = embed(step); // [rows, hidden size]
        RotaryAngles angles = angles(step);
        Tensor wanted = factory.indices(step.segments().stream()
                .filter(Segment::wantsLogits)
                .mapToInt(Segment::lastRow)
                .toArray());
        Tensor last = kernels.map(all -> all.apply(
                        hidden,
                        angles.cosines(),
                        angles.sines(),
                        factory.indices(cache.slots(step)),
                        step.sequences(),
                        wanted,
                        cache.addresses(split.rank())))
                .orElseGet(() ->
                        byLayers(hidden, angles, new AttentionPlan(step, cache, factory, attention), wanted, cache));
        return collectives.sideBySide(output.applyToFloats(norm.apply(last)));
    }

    /** The wanted rows after the last layer [wanted, hidden size]. */
    private Tensor byLayers(Tensor hidden, RotaryAngles angles, AttentionPlan plan, Tensor wanted, KvCache cache) {
        int last = layers.size() - 1;
        for (int layer = 0; layer < last; layer++) {
            layers.get(layer).addTo(hidden, angles, plan, cache.layer(split.rank(), layer));
        }
        return layers.get(last).ofWanted(hidden, wanted, angles, plan, cache.layer(split.rank(), last));
    }

    /** Rank 0 adds what comes of images and videos; the sum over the ranks gives it to all of them. */
    private Tensor embed(StepInput step) {
        Tensor hidden = split.ranks() == 1
                ? torch.embedding(embeddings, factory.indices(step.tokenIds()))
                : ownEmbeddings(step.tokenIds());
        for (VisionSpan span : step.vision()) {
            Tensor rows = hidden.narrow(0, span.firstRow(), span.count());
            if (split.rank() == 0) {
                rows.copy_(span.embeddings().narrow(0, span.from(), span.count()));
            } else {
                rows.zero_();
            }
        }
        return collectives.sum(hidden);
    }

    /** Zeros where a token is in another rank's part of the vocabulary. */
    private Tensor ownEmbeddings(int[] tokenIds) {
        int[] rows = new int[tokenIds.length];
        float[] isOwn = new float[tokenIds.length];
        for (int i = 0; i < tokenIds.length; i++) {
            if (tokenIds[i] >= split.firstToken() && tokenIds[i] < split.endToken()) {
                rows[i] = tokenIds[i] - split.firstToken();
                isOwn[i] = 1;
            }
        }
        Tensor mask = factory.values(isOwn).unsqueeze(1);
        return torch.embedding(embeddings, factory.indices(rows)).mul_(mask);
    }

    private RotaryAngles angles(StepInput step) {
        Tensor byAxis = factory.floats(step.positions()).view(step.rows(), 3);
        return RotaryAngles.of(byAxis.index_select(1, axes), frequencies);
    }

    @Override
    public void close() {
        graphs.ifPresent(GpuDecoder::close);
    }
}
