package io.sparkvlm.engine.model;

import io.sparkvlm.engine.weights.ModelConfig;
import io.sparkvlm.engine.weights.RankSplit;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.RowParts;
import io.sparkvlm.torch.attention.AttentionOperator;
import io.sparkvlm.torch.attention.PagedHeads;
import io.sparkvlm.torch.decoder.GpuDecoder;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.QuantizedLinear;

/**
 * Adds up the tensors that live at once in the largest steps. A scope holds what was made in it until it closes, so these are the
 * lines of {@link DecoderLayer}, {@link TextDecoder}, {@link VisionBlock} and {@link VisionTower}, by libtorch's operators: the
 * project's own kernels take less.
 */
final class StepMemory {
    private static final long FLOAT = Float.BYTES;

    /** Turning heads makes four tensors of half their numbers, in float32. */
    private static final long TURN = 4 * FLOAT / 2;

    /** How the matrices of the language model are kept. */
    enum Weights {
        AS_NUMBERS,
        /** When they were loaded, or before they were published. */
        ROUNDED
    }

    private final ModelConfig config;
    private final DeviceSpec device;
    private final DType dtype;
    private final long bytes; // of a number

    StepMemory(ModelConfig config, DeviceSpec device, DType dtype) {
        this.config = config;
        this.device = device;
        this.dtype = dtype;
        this.bytes = dtype.bytes();
    }

    /**
     * A step of the language model that fills the limits with one sequence's last chunk.
     *
     * @param limits rows of the step, and of them those that want logits
     * @return bytes
     */
    long text(RankSplit split, Weights weights, StepLimits limits) {
        AttentionHeads heads = split.heads();
        long rows = limits.rows();
        long hidden = config.hiddenSize();
        long queries = (long) heads.queries() * heads.size();
        long keys = (long) heads.keyValues() * heads.size();
        long lasting = rows * (hidden * bytes + 5L * heads.size() / 2 * FLOAT);
        long seen = limits.contextTokens()
                * (2 * keys + Math.min(rows, limits.contextTokens()))
                * bytes; // gathered keys and values, and the mask
        long attention = rows * ((2 * hidden + 3 * queries + 2 * keys) * bytes + (queries + keys) * TURN) + seen;
        long inner = config.text().intermediateSize() / split.ranks();
        long mlp = RowParts.on(device).of(rows) * (2 * hidden + 3 * inner) * bytes;
        long logits = limits.sequences() * (long) config.vocabSize() * (bytes + 2 * FLOAT); // and the sampler's copy
        long work = weights == Weights.ROUNDED ? QuantizedLinear.workBytes(Math.max(hidden, inner), dtype) : 0;
        return lasting
                + AttentionOperator.scoreBytes(device, dtype)
                + work
                + Math.max(attention, Math.max(mlp, logits));
    }

    /** What graphs of decode steps work in beside all other steps, bytes; those of rounded weights are started one by one. */
    long graphs(RankSplit split, Weights weights, StepLimits limits) {
        AttentionHeads heads = split.heads();
        return split.ranks() > 1 || weights == Weights.ROUNDED
                ? 0
                : GpuDecoder.bytes(
                        device,
                        dtype,
                        limits.sequences(),
                        config.hiddenSize(),
                        config.text().intermediateSize(),
                        new PagedHeads(heads.queries(), heads.keyValues(), heads.size(), 1),
                        config.vocabSize());
    }

    /** A pass of the vision tower over as many patches as it takes at once, bytes. */
    long vision() {
        VisionConfig vision = config.vision();
        long patches = VisionTower.PATCHES_AT_ONCE;
        long width = vision.width();
        long tokens = patches / vision.geometry().patchesPerToken();
        long pixels = vision.geometry().patchBytes() * (1 + FLOAT + bytes);
        long lasting = patches * (pixels + width * bytes + 4L * vision.headSize() / 2 * FLOAT);
        long ofAllBlocks = VisionBlock.Attention.WIDTHS * patches * width * bytes;
        long attention =
                patches * (width * (2 * bytes + 2 * TURN) + 4 * width * bytes); // and its operands in one piece
        long mlp = RowParts.on(device).of(patches) * (2 * width + vision.mlpWidth()) * bytes;
        long merger = (3 * patches * width + tokens * config.hiddenSize()) * bytes;
        return lasting
                + ofAllBlocks
                + tokens * config.hiddenSize() * bytes
                + AttentionOperator.scoreBytes(device, dtype)
                + Math.max(attention, Math.max(mlp, merger));
    }
}
