package io.sparkvlm.torch.linear;

import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Multiplies rows by a weight matrix and adds a bias, if there is one, in the way that is fastest on its device. */
public interface LinearOperator {
    /** [rows, inputs] to [rows, outputs]. */
    Tensor apply(Tensor input);

    /** The same, to an output that is there: large memory is not given back and taken again for each layer. */
    default void apply(Tensor input, Tensor output) {
        output.copy_(apply(input));
    }

    /** [rows, inputs] to [rows, outputs] in float32, of a result that was rounded to the model's type. */
    default Tensor applyToFloats(Tensor input) {
        return apply(input).to(ScalarType.Float);
    }

    /**
     * An operator with these weights; it keeps what it needs of them.
     *
     * @param weight [outputs, inputs]
     * @param bias [outputs], or empty
     */
    static LinearOperator of(Tensor weight, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        if (KernelLinear.takes(List.of(weight), factory)) {
            return KernelLinear.of(List.of(weight), bias, factory, resident);
        }
        if (OneDnnLinear.takes(factory)) {
            return new OneDnnLinear(weight, bias, resident);
        }
        return new LibtorchLinear(resident.keep(weight), resident.keep(bias));
    }

    /**
     * As {@link #of(Tensor, TensorOptional, TensorFactory, ResidentTensors)}, where operators keep weights in an order of their own:
     * nothing is kept of these.
     *
     * @param weights whose outputs lie one after the other's, [outputs, inputs] each
     */
    static LinearOperator reordered(
            List<Tensor> weights, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        if (KernelLinear.takes(weights, factory)) {
            return KernelLinear.of(weights, bias, factory, resident);
        }
        if (weights.size() > 1) {
            return of(torch.cat(new TensorVector(weights.toArray(Tensor[]::new)), 0), bias, factory, resident);
        }
        Tensor only = weights.get(0);
        return of(OneDnnLinear.takes(factory) ? only : only.clone(), bias, factory, resident);
    }

    /** Whether the operators of the factory's device and type keep weights in an order of their own. */
    static boolean reorders(TensorFactory factory) {
        return KernelLinear.takes(factory) || OneDnnLinear.takes(factory);
    }
}
