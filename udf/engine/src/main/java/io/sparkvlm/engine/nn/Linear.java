package io.sparkvlm.engine.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Multiplies rows by a weight matrix and adds a bias, if there is one. */
public final class Linear {
    private final Tensor weight; // [outputs, inputs]
    private final TensorOptional bias; // [outputs]

    private Linear(Tensor weight, TensorOptional bias) {
        this.weight = weight;
        this.bias = bias;
    }

    static Linear withoutBias(Tensor weight, WeightLoader loader) {
        ResidentTensors resident = loader.resident();
        return new Linear(resident.keep(weight), resident.keep(new TensorOptional()));
    }

    static Linear withBias(Tensor weight, Tensor bias, WeightLoader loader) {
        ResidentTensors resident = loader.resident();
        return new Linear(resident.keep(weight), resident.keep(new TensorOptional(resident.keep(bias))));
    }

    /** The embeddings, read as the matrix that turns hidden states into logits. */
    public static Linear tiedTo(Tensor embeddings, WeightLoader loader) {
        return new Linear(embeddings, loader.resident().keep(new TensorOptional()));
    }

    /** [rows, inputs] to [rows, outputs]. */
    public Tensor apply(Tensor input) {
        return torch.linear(input, weight, bias);
    }
}
