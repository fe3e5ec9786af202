package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TensorScopeTest {
    @Test
    void whatIsNotKeptIsFreedAtItsEnd() {
        Tensor lost;
        Tensor kept;
        try (TensorScope outer = new TensorScope()) {
            try (TensorScope scope = new TensorScope()) {
                lost = torch.ones(3);
                kept = scope.keep(torch.ones(4));
            }
            assertThat(lost.isNull()).isTrue();
        }
        assertThat(kept.numel()).isEqualTo(4);
        kept.close();
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void whatIsAdoptedIsFreedWithTheScopeThatTookIt() {
        Tensor tensor;
        try (TensorScope outer = new TensorScope()) {
            try (TensorScope scope = new TensorScope()) {
                tensor = scope.keep(torch.ones(4));
            }
            outer.adopt(tensor);
            assertThat(tensor.numel()).isEqualTo(4);
        }
        assertThat(tensor.isNull()).isTrue();
    }
}
