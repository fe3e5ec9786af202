package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("device")
class HostTensorsTest {
    @Test
    void numbersComeBackInRowMajorOrder() {
        try (TensorScope scope = new TensorScope();
                Device device = TestDevice.chosen().torchDevice()) {
            Tensor table =
                    HostTensors.indices(new int[] {1, 2, 3, 4, 5, 6}, device).view(2, 3);

            assertThat(HostTensors.toLongs(table.t())).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(HostTensors.toFloats(table.t())).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(HostTensors.toDoubles(table.select(0, 1))).containsExactly(4, 5, 6);
        }
    }

    @Test
    void floatsArriveUnchanged() {
        try (TensorScope scope = new TensorScope();
                Device device = TestDevice.chosen().torchDevice()) {
            float[] values = {0.1f, -3e38f, 7f};

            assertThat(HostTensors.toFloats(HostTensors.floats(values, device))).containsExactly(values);
        }
    }

    @Test
    void anEmptyTensorIsAnEmptyArray() {
        try (TensorScope scope = new TensorScope()) {
            assertThat(HostTensors.toFloats(torch.ones(0))).isEmpty();
        }
    }

    @Test
    void bytesAreUnsigned() {
        try (TensorScope scope = new TensorScope();
                Device device = TestDevice.chosen().torchDevice()) {
            assertThat(HostTensors.toLongs(HostTensors.bytes(new byte[] {0, 127, -128, -1}, device)))
                    .containsExactly(0, 127, 128, 255);
        }
    }
}
