package io.sparkvlm.torch.quantization;

import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.quantization.Packing.Layout;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A matrix as it was published quantized, on the CPU.
 *
 * @see <a href="https://github.com/AutoGPTQ/AutoGPTQ/blob/v0.7.1/auto_gptq/nn_modules/qlinear/qlinear_cuda.py">GPTQ</a>
 * @see <a href="https://github.com/casper-hansen/AutoAWQ/blob/v0.2.9/awq/utils/packing_utils.py">AWQ</a>
 */
public final class PackedMatrix {
    private static final int[] AWQ_ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

    /** Outputs whose weights are turned back at once, which takes some hundred megabytes at most. */
    private static final long OUTPUTS_AT_ONCE = 2048;

    private final Packing packing;
    private final Tensor codes; // int32, packed
    private final Optional<Tensor> zeros; // int32, packed
    private final Tensor scales; // [groups, outputs]
    private final Optional<Tensor> groups; // int32, [inputs]

    private PackedMatrix(
            Packing packing, Tensor codes, Optional<Tensor> zeros, Tensor scales, Optional<Tensor> groups) {
        this.packing = packing;
        this.codes = codes;
        this.zeros = zeros;
        this.scales = scales;
        this.groups = groups;
    }

    /**
     * A matrix of these tensors.
     *
     * @param stored by the names of {@link Packing#shapes}, and of those shapes
     * @throws IllegalArgumentException when an input is of a group that there is not
     */
    public PackedMatrix(Packing packing, Map<String, Tensor> stored) {
        this.packing = packing;
        this.codes = stored.get("qweight");
        this.zeros = Optional.ofNullable(stored.get("qzeros"));
        this.scales = stored.get("scales");
        this.groups = Optional.ofNullable(stored.get("g_idx"));
        groups.ifPresent(this::requireGroups);
    }

    /**
     * A matrix that has shapes and no numbers, so that what is made of it can be counted. Its inputs are in order.
     *
     * @param zeros whether there are some other than half of the codes
     */
    public static PackedMatrix withoutMemory(Packing packing, Zeros zeros, long outputs, long inputs) {
        Map<String, Tensor> stored = new HashMap<>();
        packing.shapes(outputs, inputs).forEach((part, shape) -> stored.put(part, withoutMemory(part, shape)));
        stored.remove("g_idx");
        if (zeros == Zeros.IN_THE_MIDDLE) {
            stored.remove("qzeros");
        }
        return new PackedMatrix(packing, stored);
    }

    private static Tensor withoutMemory(String part, List<Long> shape) {
        TensorOptions options = new TensorOptions(part.equals("scales") ? ScalarType.Half : ScalarType.Int);
        long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
        return torch.empty(sizes, options.device(new DeviceOptional(new Device(DeviceType.Meta))), null);
    }

    /** What a matrix's zeros are. */
    public enum Zeros {
        /** Half of the codes are below each, and none is kept. */
        IN_THE_MIDDLE,
        ANYWHERE
    }

    private void requireGroups(Tensor groupOfInput) {
        int least = groupOfInput.min().item_int();
        int largest = groupOfInput.max().item_int();
        if (least < 0 || largest >= scales.size(0)) {
            throw new IllegalArgumentException(
                    "expected g_idx of 0 to " + (scales.size(0) - 1) + ", found " + least + " to " + largest);
        }
    }

    /** Whether inputs that follow each other share a scale, as without act order (desc_act). */
    public boolean isInOrder() {
        return groups.isEmpty()
                || (isInOrder(groups.get(), packing)
                        && scales.size(0)
                                == groups.get().size(0)
                                        / packing.groupInputs(groups.get().size(0)));
    }

    /** Some of the outputs, as views; {@link Packing#holdsOutputs} both numbers. */
    public PackedMatrix outputs(long first, long count) {
        int inInteger = packing.codesPerInteger();
        return new PackedMatrix(
                packing,
                packing.layout().isAwq()
                        ? codes.narrow(1, first / inInteger, count / inInteger)
                        : codes.narrow(1, first, count),
                zeros.map(all -> all.narrow(1, first / inInteger, count / inInteger)),
                scales.narrow(1, first, count),
                groups);
    }

    /**
     * Some of the inputs with the groups that they are of; {@link Packing#holdsInputs} both numbers. Where they cut a group,
     * the part has smaller ones, of which several have the same scale.
     *
     * @param count divides {@code first}
     */
    public PackedMatrix inputs(long first, long count) {
        long inInteger = packing.layout().isAwq() ? 1 : packing.codesPerInteger();
        Tensor some = codes.narrow(0, first / inInteger, count / inInteger);
        if (!isInOrder()) { // each input says which group it is of
            return new PackedMatrix(packing, some, zeros, scales, groups.map(all -> all.narrow(0, first, count)));
        }
        if (scales.size(0) == 1) { // all inputs are of one group
            return new PackedMatrix(packing, some, zeros, scales, Optional.empty());
        }
        long group = packing.groupInputs(count);
        long smaller = BigInteger.valueOf(group).gcd(BigInteger.valueOf(count)).longValueExact();
        return new PackedMatrix(
                packing,
                some,
                zeros.map(all -> all.repeat_interleave(group / smaller, new LongOptional(0), new LongOptional())
                        .narrow(0, first / smaller, count / smaller)),
                scales.repeat_interleave(group / smaller, new LongOptional(0), new LongOptional())
                        .narrow(0, first / smaller, count / smaller),
                Optional.empty());
    }

    /**
     * The same of a matrix of which only the groups are read.
     *
     * @param groupOfInput g_idx, [inputs]
     */
    public static boolean isInOrder(Tensor groupOfInput, Packing packing) {
        long inputs = groupOfInput.size(0);
        long group = packing.groupInputs(inputs);
        return inputs % group == 0 && groupOfInput.equal(plainGroups(inputs, inputs / group)); // a part may cut groups
    }

    private static Tensor plainGroups(long inputs, long groups) {
        Tensor counted = torch.arange(new Scalar(groups), new TensorOptions(ScalarType.Int));
        return counted.repeat_interleave(inputs / groups);
    }

    /** Turns all weights back, whatever the order of their inputs, into a matrix, [outputs, inputs]. */
    public void copyInto(Tensor weights) {
        QuantizedMatrix matrix = unpacked();
        Tensor groupOfInput = groups.orElseGet(() -> plainGroups(matrix.inputs(), scales.size(0)));
        for (long first = 0; first < matrix.outputs(); first += OUTPUTS_AT_ONCE) {
            try (TensorScope scope = new TensorScope()) {
                long count = Math.min(OUTPUTS_AT_ONCE, matrix.outputs() - first);
                long firstOfPart = first;
                Tensor part = matrix.codes().narrow(0, first, count).to(ScalarType.Float); // [count, inputs]
                matrix.zeros().ifPresent(all -> part.sub_(ofInputs(all, firstOfPart, count, groupOfInput)));
                part.mul_(ofInputs(matrix.scales(), first, count, groupOfInput));
                weights.narrow(0, first, count).copy_(part);
            }
        }
    }

    /** [outputs, groups] to [count, inputs]. */
    private static Tensor ofInputs(Tensor ofGroups, long first, long count, Tensor groupOfInput) {
        return ofGroups.narrow(0, first, count).index_select(1, groupOfInput);
    }

    /** Codes, scales and zeros; of which group an input is, is left out. */
    QuantizedMatrix unpacked() {
        try (TensorScope scope = new TensorScope()) {
            Tensor ofGroups = scales.t().to(ScalarType.Float).contiguous(); // [outputs, groups]
            int less = packing.layout() == Layout.GPTQ ? 1 : 0;
            Optional<Tensor> signedZeros = zeros.map(
                    stored -> unpacked(stored, less, ScalarType.Short).t().contiguous());
            return new QuantizedMatrix(
                    packing.bits(), scope.keep(signedCodes()), scope.keep(ofGroups), signedZeros.map(scope::keep));
        }
    }

    /** [outputs, inputs] */
    private Tensor signedCodes() {
        return packing.layout().isAwq()
                ? unpacked(codes, 0, ScalarType.Char).t().contiguous()
                : unpacked(codes.t(), 0, ScalarType.Char);
    }

    /**
     * [rows, integers] to [rows, numbers], less half of the numbers that there are.
     *
     * @param less what is stored is less by this
     */
    private Tensor unpacked(Tensor integers, int less, ScalarType type) {
        int count = packing.codesPerInteger();
        int numbers = 1 << packing.bits();
        TensorOptions options = integers.options().dtype(new ScalarTypeOptional(type));
        Tensor all = torch.empty(new long[] {integers.size(0), integers.size(1), count}, options, null);
        for (int i = 0; i < count; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor some = integers.bitwise_right_shift(new Scalar(i * packing.bits()))
                        .bitwise_and_(new Scalar(numbers - 1))
                        .add_(new Scalar(less - numbers / 2));
                all.select(2, packing.layout().isAwq() ? AWQ_ORDER[i] : i).copy_(some);
            }
        }
        return all.view(integers.size(0), integers.size(1) * count);
    }
}
