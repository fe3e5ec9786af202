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
        int first = 0;
        for (int slice : slices) {
            attention.full(
                    headByHead(projected.narrow(1, 0, heads), first, slice),
                    headByHead(projected.narrow(1, heads, heads), first, slice),
                    headByHead(projected.narrow(1, 2L * heads, heads), first, slice),
                    headByHead(attended, first, slice));
            first += slice;
        }
        return attentionOutput.apply(attended.view(patches, config.width()));
    }

    /** A slice's rows of [patches, heads, head size], as [heads, patches of the slice, head size]. */
    private static Tensor headByHead(Tensor heads, int first, int patches) {
        return heads.narrow(0, first, patches).transpose(0, 1);
    }

    private Tensor mlp(Tensor input) {
        Tensor expanded = expand.apply(input); // [patches, MLP width]
        rowOperators.quickGelu(expanded);
        return contract.apply(expanded);
    }
}
