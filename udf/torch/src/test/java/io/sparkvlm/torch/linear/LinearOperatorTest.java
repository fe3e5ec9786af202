package io.sparkvlm.torch.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.InstructionSets;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.InstructionSet;
import io.sparkvlm.torch.natives.LinearKernels;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
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
class LinearOperatorTest {
    LinearOperatorTest(InstructionSet set) {
        InstructionSets.use(set);
    }

    /** Shapes that fill no panel, several, and several blocks of inputs, and one of an odd number. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 70, 33",
        "BFLOAT16, 70, 33",
        "BFLOAT16, 70, 34",
        "BFLOAT16, 1, 2",
        "BFLOAT16, 192, 512",
        "BFLOAT16, 200, 4802"
    })
    void multipliesAndAddsAsTheDefinitionSays(DType dtype, long outputs, long inputs) {
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
            Tensor weight = factory.empty(outputs, inputs).normal_();
            Tensor bias = factory.empty(outputs).normal_();
            LinearOperator withBias = operator(weight, new TensorOptional(bias), factory, resident);
            LinearOperator withoutBias = operator(weight, new TensorOptional(), factory, resident);
            for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 13, 30, 41, 600}) {
                Tensor input = factory.empty(rows, inputs).normal_();
                Tensor product = input.to(torch.ScalarType.Float)
                        .mm(weight.to(torch.ScalarType.Float).t());
                assertClose(withoutBias.apply(input), product);
                assertClose(withBias.apply(input), product.add(bias.to(torch.ScalarType.Float)));
                assertThat(intoAView(withBias, input, outputs, factory).equal(withBias.apply(input)))
                        .isTrue();
                assertThat(intoAView(withoutBias, input, outputs, factory).equal(withoutBias.apply(input)))
                        .isTrue();
                assertThat(withBias.applyToFloats(input)
                                .equal(withBias.apply(input).to(torch.ScalarType.Float)))
                        .isTrue();
            }
        }
    }

    @Test
    void aRowsProductByTheKernelsDependsOnItAlone() {
        assumeTrue(LinearKernels.areFastest());
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(DeviceSpec.parse("cpu"), DType.BFLOAT16)) {
            Tensor weight = factory.empty(200, 4802).normal_();
            LinearOperator operator = operator(weight, new TensorOptional(), factory, resident);
            Tensor input = factory.empty(601, 4802).normal_();
            Tensor together = operator.apply(input);
            for (long first : new long[] {0, 1, 300, 592}) {
                for (long rows = 1; rows <= 9; rows++) {
                    assertThat(operator.apply(input.narrow(0, first, rows)).equal(together.narrow(0, first, rows)))
                            .as(rows + " rows from " + first)
                            .isTrue();
                }
            }
        }
    }

    /** Outputs of each matrix, of panels that are filled and not; a rank's part of the inputs lies apart in memory. */
    @ParameterizedTest
    @CsvSource({"'192', 512, 512", "'64 128 70', 34, 34", "'70 64', 34, 34", "'70 64', 33, 33", "'128 64', 32, 96"})
    void matricesThatAreReorderedWhereTheyLieAreOneAndAreReadNoMore(String outputs, long inputs, long stored) {
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.BFLOAT16)) {
            assumeTrue(LinearOperator.reorders(factory));
            List<Tensor> weights = Arrays.stream(outputs.split(" "))
                    .map(rows -> factory.empty(Long.parseLong(rows), stored)
                            .normal_()
                            .narrow(1, stored - inputs, inputs))
                    .toList();
            Tensor one = torch.cat(new TensorVector(weights.toArray(Tensor[]::new)), 0);
            LinearOperator expected = operator(one, new TensorOptional(), factory, resident);
            LinearOperator reordered;
            try (TensorScope loading = new TensorScope()) {
                reordered = LinearOperator.reordered(weights, new TensorOptional(), factory, resident);
            }
            weights.forEach(Tensor::zero_);
            for (int rows : new int[] {1, 7, 8, 14, 41}) {
                Tensor input = factory.empty(rows, inputs).normal_();
                assertThat(reordered.apply(input).equal(expected.apply(input))).isTrue();
            }
        }
    }

    /** What comes out must outlive the scope in which it was computed: its caller keeps it. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void theProductOutlivesItsScopeWhenItIsKept(DType dtype) {
        try (TensorScope outer = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), dtype)) {
            Tensor weight = factory.zeros(2, 2).fill_diagonal_(new Scalar(1));
            LinearOperator identity = operator(weight, new TensorOptional(), factory, resident);
            Tensor product;
            try (TensorScope scope = new TensorScope()) {
                product = scope.keep(
                        identity.apply(factory.values(new float[] {3, 4}).view(1, 2)));
            }
            assertThat(HostTensors.toFloats(outer.adopt(product))).containsExactly(3, 4);
        }
    }

    /** The product in the first rows of memory that has more. */
    private static Tensor intoAView(LinearOperator operator, Tensor input, long outputs, TensorFactory factory) {
        Tensor output = factory.zeros(input.size(0) + 3, outputs).narrow(0, 0, input.size(0));
        operator.apply(input, output);
        return output;
    }

    private static LinearOperator operator(
            Tensor weight, TensorOptional bias, TensorFactory factory, ResidentTensors resident) {
        try (TensorScope scope = new TensorScope()) {
            return LinearOperator.of(weight, bias, factory, resident);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        float[] values = HostTensors.toFloats(actual);
        float[] wanted = HostTensors.toFloats(expected);
        assertThat(values).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            // bfloat16 keeps 8 bits: the result is off by its 256th part, twice where a bias is added after rounding
            assertThat(values[i]).isCloseTo(wanted[i], Offset.offset(0.01f * (1 + Math.abs(wanted[i]))));
        }
    }
}
