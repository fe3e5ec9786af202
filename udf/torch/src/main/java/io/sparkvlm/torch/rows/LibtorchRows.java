package io.sparkvlm.torch.rows;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rows by libtorch's operators, several for each. */
final class LibtorchRows implements RowOperators {
    /** quick_gelu(x) = x sigmoid(1.702 x) = silu(1.702 x) / 1.702. */
    private static final double QUICK_GELU = 1.702;

    @Override
    public Tensor normalized(Tensor input, Tensor weight, double epsilon) {
        long[] width = {weight.size(0)};
        return torch.rms_norm(input, width, new TensorOptional(weight), new DoubleOptional(epsilon));
    }

    @Override
    public void turn(Tensor heads, Tensor cosines, Tensor sines) {
        long half = cosines.size(2);
        Tensor lower = heads.narrow(2, 0, half);
        Tensor upper = heads.narrow(2, half, half);
        Tensor first = lower.to(ScalarType.Float);
        Tensor second = upper.to(ScalarType.Float);
        Tensor turnedFirst = first.mul(cosines).addcmul_(second, sines, new Scalar(-1.0));
        Tensor turnedSecond = second.mul(cosines).addcmul_(first, sines, new Scalar(1.0));
        lower.copy_(turnedFirst); // in float32 first and second are views of these
        upper.copy_(turnedSecond);
    }

    @Override
    public void store(Tensor heads, Tensor slots, Tensor cached) {
        cached.index_copy_(1, slots, heads.transpose(0, 1));
    }

    @Override
    public Tensor gated(Tensor input) {
        long width = input.size(1) / 2;
        return torch.silu(input.narrow(1, 0, width)).mul_(input.narrow(1, width, width));
    }

    @Override
    public void quickGelu(Tensor values) {
        values.mul_(new Scalar(QUICK_GELU));
        torch.silu_(values).mul_(new Scalar(1 / QUICK_GELU));
    }
}
