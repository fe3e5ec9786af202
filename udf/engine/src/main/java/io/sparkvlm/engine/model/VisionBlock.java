package io.sparkvlm.engine.model;

import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.engine.nn.LayerNorm;
import io.sparkvlm.engine.nn.Linear;
import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.VisionConfig;
import io.sparkvlm.torch.AttentionOperator;
import io.sparkvlm.torch.RowParts;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import java.io.IOException;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** One block of the vision tower: attention inside each temporal slice, then the MLP. */
final class VisionBlock {
    /** quick_gelu(x) = x sigmoid(1.702 x) = silu(1.702 x) / 1.702. */
    private static final double QUICK_GELU = 1.702;

    private final VisionConfig config;
    private final TensorFactory factory;
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
        this.attention = AttentionOperator.on(factory);
        this.rowParts = RowParts.on(factory.deviceSpec());
        this.attentionNorm = weights.layerNorm(name + ".norm1");
        this.queriesKeysValues = weights.linearWithBias(name + ".attn.qkv");
        this.attentionOutput = weights.linearWithBias(name + ".attn.proj");
        this.mlpNorm = weights.layerNorm(name + ".norm2");
        this.expand = weights.linearWithBias(name + ".mlp.fc1");
        this.contract = weights.linearWithBias(name + ".mlp.fc2");
    }

    /** Adds the block's part to the patches [patches, width], in place. */
    void addTo(Tensor patches, RotaryAngles angles, PatchGrid grid) {
        try (TensorScope scope = new TensorScope()) {
            patches.add_(attention(attentionNorm.apply(patches), angles, grid));
        }
        rowParts.addTo(patches, part -> mlp(mlpNorm.apply(part)));
    }

    private Tensor attention(Tensor input, RotaryAngles angles, PatchGrid grid) {
        int heads = config.heads();
        Tensor projected = queriesKeysValues
                .apply(input)
                .view(grid.patches(), 3L * heads, config.headSize()); // query heads, key heads, value heads
        Tensor turned = angles.turn(projected.narrow(1, 0, 2L * heads), factory);
        Tensor attended = factory.empty(grid.patches(), heads, config.headSize());
        int slice = grid.h() * grid.w();
        for (int first = 0; first < grid.patches(); first += slice) {
            attention.full(
                    headByHead(turned.narrow(1, 0, heads), first, slice),
                    headByHead(turned.narrow(1, heads, heads), first, slice),
                    headByHead(projected.narrow(1, 2L * heads, heads), first, slice),
                    headByHead(attended, first, slice));
        }
        return attentionOutput.apply(attended.view(grid.patches(), config.width()));
    }

    /** A slice's rows of [patches, heads, head size], as [heads, patches of the slice, head size]. */
    private static Tensor headByHead(Tensor heads, int first, int patches) {
        return heads.narrow(0, first, patches).transpose(0, 1);
    }

    private Tensor mlp(Tensor input) {
        Tensor expanded = expand.apply(input).mul_(new Scalar(QUICK_GELU)); // [patches, MLP width]
        torch.silu_(expanded).mul_(new Scalar(1 / QUICK_GELU));
        return contract.apply(expanded);
    }
}
