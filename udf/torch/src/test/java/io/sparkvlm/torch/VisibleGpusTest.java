package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
        assertThat(new VisibleGpus(count, Optional.ofNullable(visible)).ordinal(address))
                .isEqualTo(ordinal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"2; ; 2", "2; 2,3; 0", "1; ; GPU-a", "0; ; 0", "1; 2,3; 3"})
    void anAddressThatIsHiddenIsRefusedByName(int count, String visible, String address) {
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> new VisibleGpus(count, Optional.ofNullable(visible)).ordinal(address))
                .withMessageContaining("assigned GPU " + address + ", and CUDA shows it " + count + " GPUs");
    }

    @Test
    void processesAgreeOnAGpusName() {
        assertThat(new VisibleGpus(2, Optional.of("3,1")).name(1)).isEqualTo("1");
        assertThat(new VisibleGpus(2, Optional.empty()).name(1)).isEqualTo("1");
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> new VisibleGpus(2, Optional.empty()).name(2))
                .withMessageContaining("cuda:2");
    }
}
