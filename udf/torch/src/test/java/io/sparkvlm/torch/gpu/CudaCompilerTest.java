package io.sparkvlm.torch.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wants CUDA's compiler, which computes on no GPU. */
@Tag("gpu")
class CudaCompilerTest {
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /** Of all GPUs that libtorch is built for; the sizes are those of Qwen2-VL-2B, 7B and 72B. */
    @ParameterizedTest
    @ValueSource(strings = {"sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"})
    void compilesForEveryGpu(String architecture) {
        assertThat(CudaCompiler.compile("rows", Map.of(), architecture)).startsWith(ELF);
        for (int group : new int[] {6, 7, 8}) {
            Map<String, Integer> constants = Map.of("HEAD_SIZE", 128, "GROUP", group, "BLOCK_TOKENS", 16);
            assertThat(CudaCompiler.compile("attention", constants, architecture))
                    .startsWith(ELF);
        }
    }

    @Test
    void saysWhatTheCompilerSaid() {
        assertThatThrownBy(() -> CudaCompiler.compile("attention", Map.of("HEAD_SIZE", 128, "GROUP", 6), "sm_90"))
                .isInstanceOf(CudaFailure.class)
                .hasMessageContaining("BLOCK_TOKENS");
    }
}
