package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.preprocessing.prompt.MropePositionIds.Span;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MropePositionIdsTest {
    @Test
    void textCountsOnAlongAllAxes() {
        MropePositions positions = MropePositionIds.of(3, List.of());

        assertThat(positions.temporal()).containsExactly(0, 1, 2);
        assertThat(positions.height()).containsExactly(0, 1, 2);
        assertThat(positions.width()).containsExactly(0, 1, 2);
        assertThat(positions.next()).isEqualTo(3);
    }

    @Test
    void anImageSpansItsGridFromWhereItStarts() {
        MropePositions positions =
                MropePositionIds.of(9, List.of(new Span(2, new PatchGrid(1, 4, 6, PatchGeometry.QWEN2_VL))));

        assertThat(positions.temporal()).containsExactly(0, 1, 2, 2, 2, 2, 2, 2, 5);
        assertThat(positions.height()).containsExactly(0, 1, 2, 2, 2, 3, 3, 3, 5);
        assertThat(positions.width()).containsExactly(0, 1, 2, 3, 4, 2, 3, 4, 5);
        assertThat(positions.next()).isEqualTo(6);
    }

    @Test
    void textAfterALongVideoStartsAboveItsLastFrame() {
        PatchGrid grid = new PatchGrid(20, 4, 4, PatchGeometry.QWEN2_VL);
        MropePositions positions = MropePositionIds.of(5 + grid.tokens() + 2, List.of(new Span(5, grid)));
        int last = 5 + grid.tokens() - 1;

        assertThat(positions.temporal()[5]).isEqualTo(5);
        assertThat(positions.temporal()[last]).isEqualTo(24);
        assertThat(Arrays.stream(positions.height(), 5, last + 1)
                        .summaryStatistics()
                        .getMax())
                .isEqualTo(6);
        assertThat(Arrays.stream(positions.width(), 5, last + 1)
                        .summaryStatistics()
                        .getMin())
                .isEqualTo(5);
        assertThat(new int[] {
                    positions.temporal()[last + 1],
                    positions.height()[last + 1],
                    positions.width()[last + 1]
                })
                .containsOnly(25);
        assertThat(positions.next()).isEqualTo(27);
    }

    @Test
    void mediaSideBySideStartWhereTheOneBeforeEnded() {
        PatchGrid grid = new PatchGrid(1, 2, 4, PatchGeometry.QWEN2_VL);
        MropePositions positions = MropePositionIds.of(4, List.of(new Span(0, grid), new Span(2, grid)));

        assertThat(positions.temporal()).containsExactly(0, 0, 2, 2);
        assertThat(positions.width()).containsExactly(0, 1, 2, 3);
        assertThat(positions.next()).isEqualTo(4);
    }
}
