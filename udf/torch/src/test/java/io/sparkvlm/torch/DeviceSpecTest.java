package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DeviceSpecTest {
    @Test
    void theCpuIsAlwaysThere() {
        try (TensorScope scope = new TensorScope();
                Device device = DeviceSpec.parse("cpu").torchDevice()) {
            assertThat(device.is_cpu()).isTrue();
        }
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeviceSpec.parse("cuda:99"))
                .withMessageContaining("cuda:99");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeviceSpec.parse("tpu"))
                .withMessageContaining("expected device auto, cpu, cuda or cuda:N");
    }

    @Test
    void dtypesAreNamedAsOnTheCommandLine() {
        assertThat(DType.parse("BFloat16")).isEqualTo(DType.BFLOAT16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.parse("int8"))
                .withMessageContaining("float32 or bfloat16");
    }

    @Test
    @Tag("gpu")
    void autoTakesTheGpu() {
        assertThat(DeviceSpec.parse("auto")).isEqualTo(new DeviceSpec(DeviceSpec.Kind.CUDA, 0));
        assertThat(torch.cuda_is_available()).isTrue();
    }
}
