package io.sparkvlm.torch.quantization;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix of weights, each (code - zero) x scale.
 *
 * @param bits of a code: 8, or 4 for codes of -8 to 7
 * @param codes int8, [outputs, inputs]
 * @param scales float32, [outputs, groups]: each is of as many inputs
 * @param zeros int16, [outputs, groups]; empty if all are 0
 */
record QuantizedMatrix(int bits, Tensor codes, Tensor scales, Optional<Tensor> zeros) {
    long outputs() {
        return codes.size(0);
    }

    long inputs() {
        return codes.size(1);
    }

    /** Inputs that share a scale. */
    long group() {
        return inputs() / scales.size(1);
    }

    /** The weights of some outputs, float32, [count, inputs]. */
    Tensor weights(long first, long count) {
        Tensor grouped = codes.narrow(0, first, count).to(ScalarType.Float).view(count, scales.size(1), group());
        zeros.ifPresent(all -> grouped.sub_(all.narrow(0, first, count).unsqueeze(2)));
        return grouped.mul_(scales.narrow(0, first, count).unsqueeze(2)).view(count, inputs());
    }
}
