package io.sparkvlm.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.VisionInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisionSliceTest {
    @Test
    void aPassTakesSlicesOfSeveralInputsAndPartsOfOne() {
        List<VisionInput> inputs = List.of(input(1, 2, 2), input(3, 2, 4), input(1, 6, 4), input(1, 2, 2));

        List<List<VisionSlice>> runs = VisionSlice.runs(inputs, 20);

        assertThat(runs.stream().map(run -> run.stream()
                        .map(slice -> slice.input() + ":" + slice.index() + " of " + slice.patches())
                        .toList()))
                .containsExactly(
                        List.of("0:0 of 4", "1:0 of 8", "1:1 of 8"),
                        List.of("1:2 of 8"),
                        List.of("2:0 of 24"), // more than a pass has room for
                        List.of("3:0 of 4"));
        assertThat(runs.get(1).get(0).firstToken()).isEqualTo(4);
    }

    private static VisionInput input(int slices, int rows, int columns) {
        PatchGrid grid = new PatchGrid(slices, rows, columns, PatchGeometry.QWEN2_VL);
        return new VisionInput(new byte[(int) grid.patchBytes()], grid, 0, "");
    }
}
