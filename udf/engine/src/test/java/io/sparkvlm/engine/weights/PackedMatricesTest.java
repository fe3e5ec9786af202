package io.sparkvlm.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.engine.safetensors.SafetensorsFile;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.linear.LinearOperator;
import io.sparkvlm.torch.quantization.PackedMatrix;
import io.sparkvlm.torch.quantization.Packing;
import io.sparkvlm.torch.quantization.Packing.Layout;
import io.sparkvlm.torch.quantization.QuantizedLinear;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what AutoGPTQ, AutoAWQ and vLLM read out of the matrices that make_quantized.py recorded. */
@Tag("device")
class PackedMatricesTest {
    private static final int OUTPUTS = 32;
    private static final int INPUTS = 96;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gptq-4-32-symmetric",
                "gptq-4-32",
                "gptq-4--1-symmetric",
                "gptq-4--1",
                "gptq-4-32-act",
                "gptq-8-32-symmetric",
                "gptq-8-32",
                "gptq-8--1-symmetric",
                "gptq-8--1",
                "gptq-8-32-act",
                "gptq_v2-4-32",
                "gptq_v2-4--1",
                "gptq_v2-8-32",
                "gptq_v2-8--1",
                "awq-4-32",
                "awq-4--1",
                "awq_without_zeros-4-32",
                "awq_without_zeros-4--1"
            })
    void weightsAreThoseThatOthersReadOutOfThem(String name) throws IOException {
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.FLOAT32);
                SafetensorsFile file = SafetensorsFile.open(matrices())) {
            PackedMatrix matrix = new PackedMatrix(packing(name), stored(name, file));
            float[] expected = HostTensors.toFloats(file.read(name + ".weight"));

            Tensor weights = factory.empty(OUTPUTS, INPUTS);
            matrix.copyInto(weights);
            assertThat(HostTensors.toFloats(weights)).isEqualTo(expected);

            assertThat(matrix.isInOrder()).isEqualTo(!name.endsWith("act"));
            if (matrix.isInOrder()) {
                assertProducts(matrix, expected, factory, resident, 0);
                try (TensorFactory bfloat16 = new TensorFactory(TestDevice.chosen(), DType.BFLOAT16)) {
                    assertProducts(matrix, expected, bfloat16, resident, 0.03f);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gptq-4-32-symmetric",
                "gptq-4--1",
                "gptq-4-32-act",
                "gptq-8-32",
                "gptq-8-32-act",
                "gptq_v2-4-32",
                "awq-4-32",
                "awq-4--1",
                "awq_without_zeros-4-32"
            })
    void aPartHasTheWeightsOfThatPart(String name) throws IOException {
        try (TensorScope scope = new TensorScope();
                ResidentTensors resident = new ResidentTensors();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.FLOAT32);
                SafetensorsFile file = SafetensorsFile.open(matrices())) {
            PackedMatrix whole = new PackedMatrix(packing(name), stored(name, file));
            Tensor expected = file.read(name + ".weight"); // [outputs, inputs]
            assertThat(whole.inputs(0, INPUTS / 6).isInOrder()).isEqualTo(!name.endsWith("act")); // of half a group
            for (long first = 0; first < OUTPUTS; first += OUTPUTS / 2) {
                assertWeights(
                        whole.outputs(first, OUTPUTS / 2), expected.narrow(0, first, OUTPUTS / 2), factory, resident);
            }
            for (long count : new long[] {INPUTS / 2, INPUTS / 6}) {
                for (long first = 0; first < INPUTS; first += count) {
                    assertWeights(whole.inputs(first, count), expected.narrow(1, first, count), factory, resident);
                }
            }
        }
    }

    private static void assertWeights(
            PackedMatrix part, Tensor expected, TensorFactory factory, ResidentTensors resident) {
        Tensor weights = factory.empty(expected.size(0), expected.size(1));
        part.copyInto(weights);
        assertThat(HostTensors.toFloats(weights)).isEqualTo(HostTensors.toFloats(expected.contiguous()));
        if (part.isInOrder()) {
            LinearOperator linear = QuantizedLinear.of(List.of(part), new TensorOptional(), factory, resident);
            Tensor ones = torch.eye(expected.size(1), new TensorOptions(ScalarType.Float));
            assertThat(HostTensors.toFloats(
                            linear.apply(factory.onDevice(ones)).t().contiguous()))
                    .containsExactly(HostTensors.toFloats(expected.contiguous()), Offset.offset(0f));
        }
    }

    private static void assertProducts(
            PackedMatrix matrix, float[] weights, TensorFactory factory, ResidentTensors resident, float error) {
        LinearOperator linear = QuantizedLinear.of(List.of(matrix, matrix), new TensorOptional(), factory, resident);
        Tensor products = linear.apply(unit(factory)); // [inputs, two of outputs]
        for (int i = 0; i < 2; i++) {
            Tensor one = products.narrow(1, (long) i * OUTPUTS, OUTPUTS).t().contiguous();
            assertThat(HostTensors.toFloats(one)).containsExactly(weights, Offset.offset(error));
        }
    }

    @Test
    void refusesAnInputOfAGroupThatThereIsNot() throws IOException {
        String name = "gptq-4-32";
        try (TensorScope scope = new TensorScope();
                SafetensorsFile file = SafetensorsFile.open(matrices())) {
            Map<String, Tensor> stored = stored(name, file);
            stored.get("g_idx").narrow(0, 7, 1).fill_(new Scalar(3));
            assertThatThrownBy(() -> new PackedMatrix(packing(name), stored))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected g_idx of 0 to 2, found 0 to 3");
        }
    }

    @Test
    void refusesAMatrixThatIsNotOfWholeGroupsOrIntegers() {
        assertThatThrownBy(() -> packing("gptq-4-32").shapes(32, 100)).hasMessageContaining("groups of 32");
        assertThatThrownBy(() -> packing("awq-4--1").shapes(33, 96)).hasMessageContaining("integers of 8 codes");
        assertThatThrownBy(() -> packing("gptq-4--1").shapes(32, 97)).hasMessageContaining("integers of 8 codes");
    }

    /** Of which every product is one weight. */
    private static Tensor unit(TensorFactory factory) {
        Tensor ones = torch.eye(INPUTS, new TensorOptions(ScalarType.Float));
        return factory.onDevice(ones.to(factory.dtype().scalarType()));
    }

    private static Map<String, Tensor> stored(String name, SafetensorsFile file) throws IOException {
        Map<String, Tensor> stored = new HashMap<>();
        for (Map.Entry<String, List<Long>> part :
                packing(name).shapes(OUTPUTS, INPUTS).entrySet()) {
            String full = name + "." + part.getKey();
            assertThat(file.tensor(full).shape()).as(full).isEqualTo(part.getValue());
            stored.put(part.getKey(), file.read(full));
        }
        return stored;
    }

    /** A case's name is its layout, bits and group. */
    private static Packing packing(String name) {
        String[] parts = name.split("-", 3);
        return new Packing(
                Layout.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(parts[1]),
                parts[2].startsWith("-1") ? OptionalInt.empty() : OptionalInt.of(32));
    }

    private static Path matrices() {
        try {
            return Path.of(PackedMatricesTest.class
                    .getResource("/quantized-matrices.safetensors")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
