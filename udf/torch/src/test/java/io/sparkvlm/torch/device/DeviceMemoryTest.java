package io.sparkvlm.torch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TestDevice;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("device")
class DeviceMemoryTest {
    private static final long MIB = 1 << 20;

    @Test
    void thereIsMemoryToTake() {
        assertThat(DeviceMemory.freeBytes(TestDevice.chosen())).isGreaterThan(MIB);
    }

    @Test
    void whatDoesNotFitIsToldFromOtherFailures() {
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(TestDevice.chosen(), DType.FLOAT32)) {
            RuntimeException tooLarge = catchThrowableOfType(RuntimeException.class, () -> factory.empty(1L << 45));
            RuntimeException wrong = catchThrowableOfType(
                    RuntimeException.class, () -> factory.zeros(2, 3).mm(factory.zeros(2, 3)));
            assertThat(DeviceMemory.ranOut(tooLarge)).as("%s", tooLarge).isTrue();
            assertThat(DeviceMemory.ranOut(wrong)).as("%s", wrong).isFalse();
        }
    }

    /** The CPU's free memory is moved by every process of the machine, a GPU's by its own alone. */
    @Test
    @Tag("gpu")
    void freedTensorsGiveTheirMemoryBack() {
        DeviceSpec device = TestDevice.chosen();
        DeviceMemory.giveBackUnused(device);
        long before = DeviceMemory.freeBytes(device);
        try (TensorScope scope = new TensorScope();
                TensorFactory factory = new TensorFactory(device, DType.FLOAT32)) {
            Tensor taken = factory.zeros(64 * MIB); // 256 MiB
            assertThat(taken.numel()).isEqualTo(64 * MIB);
            assertThat(DeviceMemory.freeBytes(device)).isLessThanOrEqualTo(before - 256 * MIB);
        }
        DeviceMemory.giveBackUnused(device);
        assertThat(DeviceMemory.freeBytes(device)).isGreaterThan(before - 32 * MIB);
    }
}
