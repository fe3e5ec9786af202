package io.sparkvlm.engine.model;

import io.sparkvlm.engine.nn.Linear;
import io.sparkvlm.engine.nn.RmsNorm;
import io.sparkvlm.engine.nn.RotaryAngles;
import io.sparkvlm.engine.nn.WeightLoader;
import io.sparkvlm.engine.weights.RankSplit;
import io.sparkvlm.engine.weights.TextConfig;
import io.sparkvlm.engine.weights.TextConfig.AttentionHeads;
import io.sparkvlm.torch.RowParts;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.decoder.LayerOperators;
import io.sparkvlm.torch.rows.RowOperators;
import java.io.IOException;
import org.bytedeco.pytorch.Tensor;

/** One layer of the language model: attention with what the sequence has cached, then the gated MLP. */
final class DecoderLayer {
    private final AttentionHeads heads;
    private final Collectives collectives;
    private final TensorFactory factory;
    private final RowOperators rowOperators;
    private final RmsNorm attentionNorm;
    private final Linear queriesKeysValues;
    private final Linear attentionOutput;
    private final RmsNorm mlpNorm;
    private final Linear gateAndUp;
    private final Linear down;
    private final RowParts rowParts;

    DecoderLayer(String name, RankSplit split, Collectives collectives, WeightLoader weights) throws IOException {
        TextConfig config = split.text();
        this.heads = split.heads();
        this.collectives = collectives;
        this.factory = weights.factory();
        this.rowOperators = weights.rows();
        this.rowParts = RowParts.on(factory.deviceSpec());
        String attention = name + ".self_attn";
        this.attentionNorm = weights.rmsNorm(name + ".input_layernorm", config.rmsNormEpsilon());
        this.queriesKeysValues =
                weights.linearWithBias(attention + ".q_proj", attention + ".k_proj", attention + ".v_proj");
        this.attentionOutput = weights.linear(attention + ".o_proj");
        this.mlpNorm = weights.rmsNorm(name + ".post_attention_layernorm", config.rmsNormEpsilon());
        this.gateAndUp = weights.linear(name + ".mlp.gate_proj", name + ".mlp.up_proj");
        this.down = weights.linear(name + ".mlp.down_proj");
    }

    /** Adds the layer's part to the hidden states [rows, hidden size], in place. */
    void addTo(Tensor hidden, RotaryAngles angles, AttentionPlan plan, KvCache.Layer cache) {
        try (TensorScope scope = new TensorScope()) {
            hidden.add_(project(attended(attentionNorm.apply(hidden), angles, plan, cache)));
        }
        rowParts.addTo(hidden, hidden, part -> mlp(mlpNorm.apply(part)));
    }

    /**
     * The wanted rows of the hidden states with the layer's part added [wanted, hidden size], for the caller's scope. Of the others
     * it computes no more than keys and values, where no layer follows that would read them.
     *
     * @param wanted int64, rows in rising order
     */
    Tensor ofWanted(Tensor hidden, Tensor wanted, RotaryAngles angles, AttentionPlan plan, KvCache.Layer cache) {
        Tensor rows = hidden.index_select(0, wanted);
        try (TensorScope scope = new TensorScope()) {
            Tensor attended = attended(attentionNorm.apply(hidden), angles, plan, cache);
            rows.add_(project(attended.index_select(0, wanted)));
        }
        rowParts.addTo(rows, rows, part -> mlp(mlpNorm.apply(part)));
        return rows;
    }

    /** What the layer computes with, for those that compute all layers at once. */
    LayerOperators operators() {
        return new LayerOperators(
                attentionNorm.weight(),
                queriesKeysValues.operator(),
                attentionOutput.operator(),
                mlpNorm.weight(),
                gateAndUp.operator(),
                down.operator());
    }

    /** [rows, query heads x head size]. */
    private Tensor attended(Tensor input, RotaryAngles angles, AttentionPlan plan, KvCache.Layer cache) {
        long rows = input.size(0);
        Tensor projected = queriesKeysValues
                .apply(input)
                .view(
                        rows,
                        heads.queries() + 2L * heads.keyValues(),
                        heads.size()); // query heads, key heads, value heads
        rowOperators.turnAndStore(
                projected, angles.cosines(), angles.sines(), plan.slots(), cache.keys(), cache.values());
        Tensor queries = projected.narrow(1, 0, heads.queries());
        Tensor attended = factory.empty(rows, heads.queries(), heads.size());
        for (AttentionPart part : plan.parts()) {
            try (TensorScope scope = new TensorScope()) { // what a part gathers goes before the next one gathers
                part.attend(queries, cache, attended);
            }
        }
        return attended.view(rows, -1);
    }

    private Tensor project(Tensor attended) {
        return collectives.sum(attentionOutput.apply(attended));
    }

    private Tensor mlp(Tensor input) {
        return collectives.sum(down.apply(rowOperators.gated(gateAndUp.apply(input))));
    }
}
