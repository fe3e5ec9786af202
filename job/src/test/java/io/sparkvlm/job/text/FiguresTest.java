package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FiguresTest {
    @Test
    void writesTimesWithTheUnitThatFits() {
        assertThat(Figures.time(0.04)).isEqualTo("0.0 ms");
        assertThat(Figures.time(9.9)).isEqualTo("9.9 ms");
        assertThat(Figures.time(9.96)).isEqualTo("10 ms");
        assertThat(Figures.time(999.6)).isEqualTo("1.0 s");
        assertThat(Figures.time(99_960)).isEqualTo("1 min 40 s");
        assertThat(Figures.time(3_725_000)).isEqualTo("62 min 5 s");
        assertThat(Figures.time(7_265_000)).isEqualTo("2 h 1 min");
    }

    @Test
    void countsOneThingInTheSingular() {
        assertThat(Figures.count(1, "row")).isEqualTo("1 row");
        assertThat(Figures.count(12_345, "row")).isEqualTo("12,345 rows");
    }
}
