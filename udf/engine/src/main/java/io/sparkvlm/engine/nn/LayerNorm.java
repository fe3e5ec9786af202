package io.sparkvlm.engine.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Shifts and scales each row to mean 0 and variance 1, then by learned weights. */
public final class LayerNorm {
    /** transformers, modeling_qwen2_vl.py: every LayerNorm of the vision tower. */
    private static final double EPSILON = 1e-6;

    private final Tensor weight;
    private final Tensor bias;

    LayerNorm(Tensor weight, Tensor bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** [rows, width] to the same. */
    public Tensor apply(Tensor input) {
        long[] width = {weight.size(0)};
        return torch.layer_norm(input, width, new TensorOptional(weight), new TensorOptional(bias), EPSILON, false);
    }
}
