package io.sparkvlm.torch.linear;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's product with weights as they were given.
 *
 * @param weight [outputs, inputs]
 * @param bias [outputs], or empty
 */
public record LibtorchLinear(Tensor weight, TensorOptional bias) implements LinearOperator {
    @Override
    public Tensor apply(Tensor input) {
        return torch.linear(input, weight, bias);
    }

    @Override
    public void apply(Tensor input, Tensor output) {
        torch.linear_out(output, input, weight, bias);
    }
}
