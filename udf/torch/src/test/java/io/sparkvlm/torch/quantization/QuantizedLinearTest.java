package io.sparkvlm.torch.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.InstructionSets;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.natives.InstructionSet;
import io.sparkvlm.torch.natives.LinearKernels;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("io.sparkvlm.torch.InstructionSets#each")
class QuantizedLinearTest {
    /** Few rows, some, and more than one part of 512; outputs that fill panels and that do not. */
    private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 41, 600};

    QuantizedLinearTest(InstructionSet set) {
        InstructionSets.use(set);
    }

    @ParameterizedTest
    @CsvSource({
        "8, AS_THEY_ARE, 70, 33, 33",
        "8, AS_THEY_ARE, 33, 1100, 1100",
        "8, AS_THEY_ARE, 200, 256, 128",
        "8, AS_THEY_ARE, 96, 192, 64",
        "4, AS_THEY_ARE, 70, 33, 33",
        "4, AS_THEY_ARE, 64, 384, 128",
        "4, AS_THEY_ARE, 129, 96, 32",
        "8, ROUNDED, 70, 33, 33",
        "8, ROUNDED, 160, 1100, 1100"
    })
    void multipliesAsTheDefinitionSays(int bits, QuantizedLinear.Rows kind, int outputs, int inputs, int group) {
        for (DType dtype : DType.values()) {
            try (TensorScope scope = new TensorScope();
                    ResidentTensors resident = new ResidentTensors();
                    TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
                QuantizedMatrix matrix = random(bits, outputs, inputs, group, kind, factory);
                Tensor bias = factory.empty(outputs).normal_();
                Tensor weights = matrix.weights(0, outputs); // [outputs, inputs]
                LinearOperator linear = QuantizedLinear.of(matrix, new TensorOptional(bias), kind, factory, resident);
                for (int rows : ROWS) {
                    Tensor input = factory.empty(rows, inputs).normal_();
                    Tensor product = input.to(ScalarType.Float).mm(weights.t()).add(bias);
                    assertClose(linear.apply(input), product, kind == QuantizedLinear.Rows.ROUNDED ? 0.03 : 0.01);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, AS_THEY_ARE, 70, 1100, 1100",
        "8, AS_THEY_ARE, 96, 256, 128",
        "4, AS_THEY_ARE, 96, 256, 128",
        "8, ROUNDED, 70, 1100, 1100"
    })
    void aRowsResultDoesNotDependOnTheRowsBesideIt(
            int bits, QuantizedLinear.Rows kind, int outputs, int inputs, int group) {
        Assumptions.assumeTrue(LinearKernels.areThere(), "libtorch's products may depend on them");
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.BFLOAT16)) {
            QuantizedMatrix matrix = random(bits, outputs, inputs, group, kind, factory);
            LinearOperator linear = QuantizedLinear.of(matrix, new TensorOptional(), kind, factory, resident);
            Tensor input = factory.empty(600, inputs).normal_();
            Tensor one = linear.apply(input.narrow(0, 3, 1));
            for (int rows : ROWS) {
                int first = Math.max(0, 3 - rows + 1);
                Tensor among = linear.apply(input.narrow(0, first, rows)).narrow(0, 3 - first, 1);
                assertThat(HostTensors.toFloats(among)).as("among %d", rows).isEqualTo(HostTensors.toFloats(one));
            }
        }
    }

    /** So that a model that gives no numbers is found out. */
    @ParameterizedTest
    @CsvSource({"8, AS_THEY_ARE", "4, AS_THEY_ARE", "8, ROUNDED"})
    void aRowThatHasNoNumberHasNoneAsItsResult(int bits, QuantizedLinear.Rows kind) {
        for (DType dtype : DType.values()) {
            try (TensorScope scope = new TensorScope();
                    ResidentTensors resident = new ResidentTensors();
                    TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
                QuantizedMatrix matrix = random(bits, 70, 64, 64, kind, factory);
                LinearOperator linear = QuantizedLinear.of(matrix, new TensorOptional(), kind, factory, resident);
                float[] none = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
                Tensor input = factory.empty(none.length + 1, 64).normal_();
                for (int row = 0; row < none.length; row++) {
                    input.select(0, row).select(0, 5).fill_(new Scalar((double) none[row]));
                }
                float[] result = HostTensors.toFloats(linear.apply(input)); // [rows, 70]
                for (int i = 0; i < result.length; i++) {
                    assertThat(Float.isFinite(result[i]))
                            .as("%s of row %d", result[i], i / 70)
                            .isEqualTo(i / 70 == none.length);
                }
            }
        }
    }

    /** A row that picks one input out has that input's codes as its result, to the bit. */
    @ParameterizedTest
    @CsvSource({"8", "4"})
    void everyCodeIsTheNumberThatItIs(int bits) {
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.BFLOAT16)) {
            int inputs = 32;
            int numbers = 1 << bits;
            int[] codes = new int[64 * inputs];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (i * 7 + i / numbers) % numbers - numbers / 2;
            }
            QuantizedMatrix matrix = new QuantizedMatrix(
                    bits,
                    Tensor.create(codes, 64, inputs)
                            .to(ScalarType.Char)
                            .to(factory.zeros(1).device(), ScalarType.Char),
                    factory.zeros(64, 1).fill_(new Scalar(1.0)).to(ScalarType.Float),
                    Optional.empty());
            LinearOperator linear = QuantizedLinear.of(
                    matrix, new TensorOptional(), QuantizedLinear.Rows.AS_THEY_ARE, factory, resident);
            Tensor unit = factory.zeros(inputs, inputs).fill_diagonal_(new Scalar(1.0));
            Tensor wanted = matrix.codes().t().contiguous().to(ScalarType.Float); // [inputs, outputs]
            assertThat(HostTensors.toFloats(linear.apply(unit))).isEqualTo(HostTensors.toFloats(wanted));
            Tensor few = linear.apply(unit.narrow(0, 5, 3));
            assertThat(HostTensors.toFloats(few)).isEqualTo(HostTensors.toFloats(wanted.narrow(0, 5, 3)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Quantization.class,
            names = {"A16W8", "A16W4", "A8W8"})
    void roundsEveryWeightToTheNearestCode(Quantization quantization) {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.FLOAT32)) {
            Tensor weight = factory.empty(2100, 96).normal_();
            weight.select(0, 7).zero_();
            QuantizedMatrix rounded = quantization.rounded(weight);
            Tensor error = rounded.weights(0, 2100).sub(weight).abs();
            long groups = rounded.scales().size(1);
            Tensor steps = error.view(2100, groups, -1).div(rounded.scales().unsqueeze(2));
            // a zero is rounded too, so that the ends of 4 bits may be off by half a step more
            assertThat(steps.max().item_float()).isLessThan(quantization == Quantization.A16W4 ? 1.001f : 0.501f);
            assertThat(rounded.weights(7, 1).abs().max().item_float()).isZero();
        }
    }

    @Test
    void namesWhatCanBeChosen() {
        assertThat(Quantization.parse("A8W8")).isEqualTo(Quantization.A8W8);
        assertThat(catchThrowable(() -> Quantization.parse("fp8")))
                .hasMessage("expected quantization none, a16w8, a16w4, a8w8, found \"fp8\"");
    }

    private static QuantizedMatrix random(
            int bits, int outputs, int inputs, int group, QuantizedLinear.Rows kind, TensorFactory factory) {
        int half = 1 << (bits - 1);
        TensorOptions options = factory.zeros(1).options();
        Tensor codes = torch.randint(-half + 1, half, new long[] {outputs, inputs}, options);
        Tensor scales = torch.rand(new long[] {outputs, inputs / group}, options);
        Tensor zeros = torch.randint(-3, 4, new long[] {outputs, inputs / group}, options);
        return new QuantizedMatrix(
                bits,
                codes.to(ScalarType.Char),
                scales.to(ScalarType.Float).div_(new Scalar((double) half)),
                kind == QuantizedLinear.Rows.ROUNDED ? Optional.empty() : Optional.of(zeros.to(ScalarType.Short)));
    }

    private static void assertClose(Tensor actual, Tensor expected, double share) {
        assertThat(actual.sizes().vec().get()).isEqualTo(expected.sizes().vec().get());
        Tensor furthest = actual.to(ScalarType.Float).sub(expected).abs().max();
        assertThat((double) furthest.item_float())
                .isLessThan(share * expected.abs().max().item_float());
    }
}
