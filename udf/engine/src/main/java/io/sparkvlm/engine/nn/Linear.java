package io.sparkvlm.engine.nn;

import io.sparkvlm.torch.LinearOperator;
import io.sparkvlm.torch.TensorScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Multiplies rows by a weight matrix and adds a bias, if there is one. */
public final class Linear {
    private final LinearOperator operator;

    Linear(LinearOperator operator) {
        this.operator = operator;
    }

    static Linear withoutBias(Tensor weight, WeightLoader loader) {
        return new Linear(loader.operator(weight, new TensorOptional()));
    }

    /**
     * The embeddings, read as the matrix that turns hidden states into logits. Where the operator keeps weights in an
     * order of its own, a row is looked up in the plain one.
     */
    public static Linear tiedTo(Tensor embeddings, WeightLoader loader) {
        try (TensorScope scope = new TensorScope()) {
            return withoutBias(embeddings, loader);
        }
    }

    public LinearOperator operator() {
        return operator;
    }

    /** [rows, inputs] to [rows, outputs]. */
    public Tensor apply(Tensor input) {
        return operator.apply(input);
    }

    /** The same in float32, of a result that was rounded to the model's type. */
    public Tensor applyToFloats(Tensor input) {
        return operator.applyToFloats(input);
    }
}
