package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Multiplies rows by a weight matrix and adds a bias, if there is one, in the way that is fastest on its device. */
public interface LinearOperator {
    /** [rows, inputs] to [rows, outputs]. */
    Tensor apply(Tensor input);

    /** The same in float32, of a result that was rounded to the model's type. */
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
        if (KernelLinear.takes(weight, factory)) {
            return KernelLinear.of(weight, bias, factory, resident);
        }
        if (reorders(factory)) {
            return new OneDnnLinear(weight, bias, resident);
        }
        Tensor keptWeight = resident.keep(weight);
        TensorOptional keptBias = resident.keep(bias);
        return input -> torch.linear(input, keptWeight, keptBias);
    }

    /** Whether the operators of the factory's device and type keep weights in an order of their own. */
    static boolean reorders(TensorFactory factory) {
        return factory.dtype() == DType.BFLOAT16
                && factory.deviceSpec().kind() == DeviceSpec.Kind.CPU
                && OneDnnLinear.isSupported();
    }
}
