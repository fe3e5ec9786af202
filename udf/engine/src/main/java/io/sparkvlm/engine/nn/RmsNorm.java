package io.sparkvlm.engine.nn;

import io.sparkvlm.torch.rows.RowOperators;
import org.bytedeco.pytorch.Tensor;

/** Scales each row to a root mean square of 1, then by learned weights. */
public final class RmsNorm {
    private final Tensor weight;
    private final double epsilon;
    private final RowOperators rows;

    RmsNorm(Tensor weight, double epsilon, RowOperators rows) {
        this.weight = weight;
        this.epsilon = epsilon;
        this.rows = rows;
    }

    /** [width] */
    public Tensor weight() {
        return weight;
    }

    /** [rows, width] to the same; the mean is taken in float32. */
    public Tensor apply(Tensor input) {
        return rows.normalized(input, weight, epsilon);
    }
}
