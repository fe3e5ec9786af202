package io.sparkvlm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTest {
    private static final PatchGrid GRID =
            new PatchGrid(1, 2, 4, PatchGeometry.QWEN2_VL); // 8 patches, 2 language tokens

    @Test
    void visionTokensMustLieInsideThePromptAndInOrder() {
        assertThat(prompt(5, image(1), image(3)).vision()).hasSize(2);
        assertThatIllegalArgumentException().isThrownBy(() -> prompt(5, image(4)));
        assertThatIllegalArgumentException().isThrownBy(() -> prompt(5, image(1), image(2)));
    }

    @Test
    void everyTokenHasItsPosition() {
        MropePositions three = positions(3);

        assertThatIllegalArgumentException().isThrownBy(() -> new Prompt(new int[4], three, List.of()));
    }

    private static Prompt prompt(int tokens, VisionInput... vision) {
        return new Prompt(new int[tokens], positions(tokens), List.of(vision));
    }

    private static MropePositions positions(int tokens) {
        return new MropePositions(new int[tokens], new int[tokens], new int[tokens], tokens);
    }

    private static VisionInput image(int firstToken) {
        return new VisionInput(new byte[(int) GRID.patchBytes()], GRID, firstToken, "hash");
    }
}
