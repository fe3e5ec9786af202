package io.sparkvlm.engine.nn;

import io.sparkvlm.torch.linear.LinearOperator;
import org.bytedeco.pytorch.Tensor;

/** Multiplies rows by a weight matrix and adds a bias, if there is one. */
public final class Linear {
    private final LinearOperator operator;

    Linear(LinearOperator operator) {
        this.operator = operator;
    }

    public LinearOperator operator() {
        return operator;
    }

    /** [rows, inputs] to [rows, outputs]. */
    public Tensor apply(Tensor input) {
        return operator.apply(input);
    }

    /** The same, to an output that is there. */
    public void apply(Tensor input, Tensor output) {
        operator.apply(input, output);
    }

    /** [rows, inputs] to [rows, outputs] in float32, of a result that was rounded to the model's type. */
    public Tensor applyToFloats(Tensor input) {
        return operator.applyToFloats(input);
    }
}
