package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("device")
class RowPartsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, 513, 1300})
    void everyRowGetsTheLayersOutputOnce(int rows) {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.FLOAT32)) {
            Tensor input = factory.zeros(rows, 3).fill_(new Scalar(2.0));
            Tensor output = factory.empty(rows, 3);
            RowParts parts = RowParts.on(TestDevice.chosen());
            parts.apply(input, output, (from, to) -> to.copy_(from.mul(new Scalar(10.0))));
            parts.addTo(output, input, part -> part);
            float[] values = HostTensors.toFloats(output);
            assertThat(values).hasSize(3 * rows);
            for (float value : values) {
                assertThat(value).isEqualTo(22f);
            }
        }
    }
}
