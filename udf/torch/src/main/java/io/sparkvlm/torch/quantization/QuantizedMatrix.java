package io.sparkvlm.torch.quantization;

import io.sparkvlm.torch.TensorFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
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
    /** One matrix of several of the same inputs, one's outputs after the other's. Zeros that are all 0 are left out. */
    static QuantizedMatrix stacked(List<QuantizedMatrix> parts) {
        return new QuantizedMatrix(
                parts.get(0).bits(),
                stacked(parts, QuantizedMatrix::codes),
                stacked(parts, QuantizedMatrix::scales),
                zeros(parts));
    }

    private static Optional<Tensor> zeros(List<QuantizedMatrix> parts) {
        if (parts.stream().allMatch(part -> part.zeros().isEmpty())) {
            return Optional.empty();
        }
        Tensor all = stacked(parts, part -> part.zeros().orElseGet(() -> torch.zeros_like(part.scales())));
        return all.is_meta() || all.count_nonzero().item_long() > 0 ? Optional.of(all) : Optional.empty();
    }

    private static Tensor stacked(List<QuantizedMatrix> parts, Function<QuantizedMatrix, Tensor> of) {
        return torch.cat(new TensorVector(parts.stream().map(of).toArray(Tensor[]::new)), 0);
    }

    /** The same on the factory's device. */
    QuantizedMatrix on(TensorFactory factory) {
        return new QuantizedMatrix(
                bits, factory.onDevice(codes), factory.onDevice(scales), zeros.map(factory::onDevice));
    }

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
