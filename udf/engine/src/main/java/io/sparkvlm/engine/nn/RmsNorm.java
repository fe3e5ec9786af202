package io.sparkvlm.engine.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Scales each row to a root mean square of 1, then by learned weights. */
public final class RmsNorm {
    private final Tensor weight;
    private final double epsilon;

    RmsNorm(Tensor weight, double epsilon) {
        this.weight = weight;
        this.epsilon = epsilon;
    }

    /** [rows, width] to the same; the mean is taken in float32. */
    public Tensor apply(Tensor input) {
        long[] width = {weight.size(0)};
        return torch.rms_norm(input, width, new TensorOptional(weight), new DoubleOptional(epsilon));
    }
}
