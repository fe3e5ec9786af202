package io.sparkvlm.engine.model;

import io.sparkvlm.engine.nn.LayerNorm;
import io.sparkvlm.engine.nn.Linear;
import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.AttentionOperator;
import io.sparkvlm.torch.RowOperators;
import io.sparkvlm.torch.RowParts;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import org.bytedeco.pytorch.Tensor;

/** One block of the vision tower: attention inside each temporal slice, then the MLP. */
final class VisionBlock {
    private final VisionConfig config;
    private final TensorFactory factory;
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
        this.factory = weights.factory();
        this.rowOperators = weights.rows();
        this.attention = AttentionOperator.on(factory);
        this.rowParts = RowParts.on(factory.deviceSpec());
        this.attentionNorm = weights.layerNorm(name + ".norm1");
        this.queriesKeysValues = weights.linearWithBias(name + ".attn.qkv");
        this.attentionOutput = weights.linearWithBias(name + ".attn.proj");
        this.mlpNorm = weights.layerNorm(name + ".norm2");
        this.expand = weights.linearWithBias(name + ".mlp.fc1");
        this.contract = weights.linearWithBias(name + ".mlp.fc2");
    }

    /**
     * Adds the block's part to the patches [patches, width], in place.
     *
     * @param slices patches of each temporal slice
     */
    void addTo(Tensor patches, RotaryAngles angles, int[] slices) {
        try (TensorScope scope = new TensorScope()) {
            patches.add_(attention(attentionNorm.apply(patches), angles, slices));
        }
        rowParts.addTo(patches, part -> mlp(mlpNorm.apply(part)));
    }

    private Tensor attention(Tensor input, RotaryAngles angles, int[] slices) {
        int heads = config.heads();
        long patches = input.size(0);
        Tensor projected = queriesKeysValues
                .apply(input)
                .view(patches, 3L * heads, config.headSize()); // query heads, key heads, value heads
        angles.turn(projected.narrow(1, 0, 2L * heads), rowOperators);
        Tensor attended = factory.empty(patches, heads, config.headSize());
        attention.packed(
                projected.narrow(1, 0, heads),
                projected.narrow(1, heads, heads),
                projected.narrow(1, 2L * heads, heads),
                slices,
                attended);
        return attentionOutput.apply(attended.view(patches, config.width()));
    }

    private Tensor mlp(Tensor input) {
        Tensor expanded = expand.apply(input); // [patches, MLP width]
        rowOperators.quickGelu(expanded);
        return contract.apply(expanded);
    }
}
