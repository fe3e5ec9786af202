package io.sparkvlm.torch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.natives.MissingDeviceException;
import io.sparkvlm.torch.natives.TorchBuild;
import java.util.Optional;
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
    void anotherTextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeviceSpec.parse("tpu"))
                .withMessageContaining("expected device auto, cpu, cuda or cuda:N");
    }

    @Test
    void aGpuIsRefusedWhereTheClassPathHasLibtorchForTheCpuOnly() {
        assumeThat(TorchBuild.CUDA.isPacked()).isFalse();
        assertThat(DeviceSpec.parse("auto")).isEqualTo(DeviceSpec.CPU);
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> DeviceSpec.parse("cuda:1"))
                .withMessageContaining("./mvnw -Pcuda package");
        assertThatExceptionOfType(MissingDeviceException.class)
                .as("a GPU that was assigned is not passed over in silence")
                .isThrownBy(() -> DeviceSpec.choose("auto", Optional.of("0")));
        assertThat(DeviceSpec.choose("cpu", Optional.of("0"))).isEqualTo(DeviceSpec.CPU);
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
