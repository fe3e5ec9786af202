package io.sparkvlm.torch.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import org.junit.jupiter.api.Test;

class InstructionSetTest {
    @Test
    void readsWhatKernelsMayUseAtMost() {
        assertThat(InstructionSet.parse("true")).isEqualTo(InstructionSet.AVX512_BF16);
        assertThat(InstructionSet.parse("false")).isEqualTo(InstructionSet.NONE);
        assertThat(InstructionSet.parse("avx2")).isEqualTo(InstructionSet.AVX2);
        assertThat(InstructionSet.parse("avx512_vnni")).isEqualTo(InstructionSet.AVX512_VNNI);
        assertThat(catchThrowable(() -> InstructionSet.parse("sse")))
                .hasMessage("expected kernels true, false, avx2, avx512, avx512_vnni, avx512_bf16, found \"sse\"");
    }

    @Test
    void theDefaultIsInUseUnlessAnotherIsChosen() {
        List<InstructionSet> choices = InstructionSet.choices();
        if (choices.isEmpty()) {
            assertThat(InstructionSet.inUse()).isEqualTo(InstructionSet.NONE);
            return;
        }
        assertThat(choices).contains(InstructionSet.byDefault());
        assertThat(InstructionSet.inUse()).isEqualTo(InstructionSet.byDefault());
        choices.get(0).use();
        assertThat(InstructionSet.inUse()).isEqualTo(choices.get(0));
        InstructionSet.byDefault().use();
    }

    @Test
    void whatTheMachineLacksCannotBeChosen() {
        assertThat(catchThrowable(InstructionSet.NONE::use)).hasMessageContaining("found NONE");
    }
}
