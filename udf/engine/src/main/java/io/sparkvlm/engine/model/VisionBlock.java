package io.sparkvlm.engine.model;

import io.sparkvlm.engine.nn.LayerNorm;
import io.sparkvlm.engine.nn.Linear;
import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.RowParts;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.attention.AttentionOperator;
import io.sparkvlm.torch.rows.RowOperators;
import java.io.IOException;
import org.bytedeco.pytorch.Tensor;

/** One block of the vision tower: attention inside each temporal slice, then the MLP. */
final class VisionBlock {
    private final VisionConfig config;
    private final RowOperators rowOperators;
    private final LayerNorm attentionNorm;
    private final Linear queriesKeysValues;
    private final Linear attentionOutput;
    private final LayerNorm mlpNorm;
    private final Linear expand;
    private final Linear contract;
    private final AttentionOperator attention;
    private final RowParts rowParts;

    VisionBlock(String name, VisionConfig config, WeightLoader weights) throws IOException {
        this.config = config;
        this.rowOperators = weights.rows();
        this.attention = AttentionOperator.on(weights.factory());
        this.rowParts = RowParts.on(weights.factory().deviceSpec());
        this.attentionNorm = weights.layerNorm(name + ".norm1");
        this.queriesKeysValues = weights.linearWithBias(name + ".attn.qkv");
        this.attentionOutput = weights.linearWithBias(name + ".attn.proj");
        this.mlpNorm = weights.layerNorm(name + ".norm2");
        this.expand = weights.linearWithBias(name + ".mlp.fc1");
        this.contract = weights.linearWithBias(name + ".mlp.fc2");
    }

    /**
     * What blocks compute attention in, one after the other.
     *
     * @param projected [patches, heads of queries, of keys, of values, head size]
     * @param attended [patches, heads, head size]
     */
    record Attention(Tensor projected, Tensor attended) {
        /** How many times the numbers of the patches there are. */
        static final long WIDTHS = 4;

        static Attention of(long patches, VisionConfig config, TensorFactory factory) {
            return new Attention(
                    factory.empty(patches, 3L * config.heads(), config.headSize()),
                    factory.empty(patches, config.heads(), config.headSize()));
        }
    }

    /**
     * Adds the block's part to the patches [patches, width], in place.
     *
     * @param slices patches of each temporal slice
     */
    void addTo(Tensor patches, RotaryAngles angles, int[] slices, Attention between) {
        try (TensorScope scope = new TensorScope()) {
            attend(patches, angles, slices, between);
            Tensor attended = between.attended.view(patches.size(0), config.width());
            rowParts.addTo(patches, attended, attentionOutput::apply);
        }
        rowParts.addTo(patches, patches, part -> mlp(mlpNorm.apply(part)));
    }

    private void attend(Tensor patches, RotaryAngles angles, int[] slices, Attention between) {
        int heads = config.heads();
        Tensor projected = between.projected;
        rowParts.apply(
                patches,
                projected.view(patches.size(0), 3L * config.width()),
                (from, to) -> queriesKeysValues.apply(attentionNorm.apply(from), to));
        angles.turn(projected.narrow(1, 0, 2L * heads), rowOperators);
        attention.packed(
                projected.narrow(1, 0, heads),
                projected.narrow(1, heads, heads),
                projected.narrow(1, 2L * heads, heads),
                slices,
                between.attended);
    }

    private Tensor mlp(Tensor input) {
        Tensor expanded = expand.apply(input); // [patches, MLP width]
        rowOperators.quickGelu(expanded);
        return contract.apply(expanded);
    }
}
