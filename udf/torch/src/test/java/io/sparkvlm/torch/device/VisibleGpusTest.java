package io.sparkvlm.torch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sparkvlm.torch.natives.MissingDeviceException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleGpusTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "4;          ; 0; 0",
                "4;          ; 3; 3",
                "2; 2,3      ; 3; 1",
                "2; 3, 2     ; 3; 0",
                "2; GPU-a,GPU-b; GPU-b; 1"
            })
    void anAddressIsFoundAmongTheVisible(int count, String visible, String address, int ordinal) {
        assertThat(gpus(count, visible).ordinal(address)).isEqualTo(ordinal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"2; ; 2", "2; 2,3; 0", "1; ; GPU-a", "0; ; 0", "1; 2,3; 3"})
    void anAddressThatIsHiddenIsRefusedByName(int count, String visible, String address) {
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> gpus(count, visible).ordinal(address))
                .withMessageContaining("assigned GPU " + address + ", and CUDA shows it " + count + " GPUs");
    }

    @Test
    void processesAgreeOnAGpusName() {
        assertThat(gpus(2, "3,1").name(1)).isEqualTo("bus 1");
        assertThat(gpus(1, "GPU-a").name(0)).isEqualTo("bus 0");
        assertThat(gpus(2, "MIG-a,MIG-b").name(1))
                .as("both parts have one place on the bus")
                .isEqualTo("MIG-b");
    }

    @Test
    void aNumberThatIsNotThereIsRefused() {
        assertThat(gpus(2, null).require(1)).isEqualTo(1);
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> gpus(2, null).require(2))
                .withMessageContaining("cuda:2");
    }

    private static VisibleGpus gpus(int count, String visible) {
        return new VisibleGpus(count, Optional.ofNullable(visible), ordinal -> "bus " + ordinal);
    }
}
