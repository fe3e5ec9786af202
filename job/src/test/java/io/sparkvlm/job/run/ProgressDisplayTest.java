package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ProgressDisplayTest {
    @Test
    void saysHowFarHowFastAndHowLongYet() {
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(0, 250, 0, Map.of("a", 1L, "b", 2L), 5000),
                        all(1000),
                        Duration.ofSeconds(100)))
                .isEqualTo("250 of 1,000 rows (25 %), 3 errors, 2.50 rows/s, 50.0 tokens/s, 5 min 0 s left");
    }

    @Test
    void saysOneRowAndOneErrorOfOne() {
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(0, 1, 0, Map.of("a", 1L), 0), all(1), Duration.ofSeconds(1)))
                .startsWith("1 of 1 row (100 %), 1 error, ");
    }

    @Test
    void saysHowFarTheStageIsThatPrepares() {
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(250, 0, 0, Map.of(), 0), all(1000), Duration.ofSeconds(100)))
                .isEqualTo("prepared 250 of 1,000 rows (25 %), 2.50 rows/s, 5 min 0 s left");
        // A task that was run again is counted twice.
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(1200, 0, 0, Map.of(), 0), all(1000), Duration.ofSeconds(100)))
                .startsWith("prepared 1,000 of 1,000 rows (100 %), ")
                .endsWith(", 0 s left");
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(1000, 1, 0, Map.of(), 5), all(1000), Duration.ofSeconds(10)))
                .startsWith("1 of 1,000 rows (0 %), ");
    }

    @Test
    void expectsCopiesToTakeNoTime() {
        ProgressDisplay.Work work = new ProgressDisplay.Work(10_000, 9000);
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(0, 500, 0, Map.of(), 1000), work, Duration.ofSeconds(100)))
                .isEqualTo("500 of 10,000 rows (5 %), 0 errors, 5.00 rows/s, 10.0 tokens/s, 1 min 40 s left");
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(0, 1000, 9000, Map.of("a", 10L), 2000),
                        work,
                        Duration.ofSeconds(200)))
                .isEqualTo("10,000 of 10,000 rows (100 %), 9,000 of them copied, 10 errors, 5.00 rows/s, 10.0 tokens/s,"
                        + " 0 s left");
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(0, 1000, 4000, Map.of(), 2000), work, Duration.ofSeconds(200)))
                .as("while others are copied, at a pace that is not the engine's")
                .endsWith(" tokens/s");
        assertThat(ProgressDisplay.line(
                        new ProgressListener.Tally(0, 1050, 8900, Map.of(), 2000), work, Duration.ofSeconds(210)))
                .as("those whose originals have no answer to copy")
                .endsWith(", 10 s left");
    }

    private static ProgressDisplay.Work all(long rows) {
        return new ProgressDisplay.Work(rows, 0);
    }

    @Test
    void promisesNothingBeforeTheFirstRow() {
        assertThat(ProgressDisplay.line(ProgressListener.Tally.ZERO, all(1000), Duration.ofSeconds(3)))
                .isEqualTo("0 of 1,000 rows (0 %), 0 errors, 0.00 rows/s, 0.0 tokens/s");
        assertThat(ProgressDisplay.line(ProgressListener.Tally.ZERO, all(0), Duration.ofSeconds(3)))
                .startsWith("0 of 0 rows (100 %)");
    }

    @Test
    void saysAtOnceThatAllOfTheFirstRowsHaveTheSameError() {
        assertThat(notice(100, Map.of("image_file_not_found", 100L), 1_000_000))
                .contains("sparkvlm: all of the first 100 rows are errors: image_file_not_found; the job goes on");
        assertThat(notice(100, Map.of("image_file_not_found", 100L), 100))
                .as("at the end, which says it with a row")
                .isEmpty();
        assertThat(notice(99, Map.of("image_file_not_found", 99L), 1_000_000)).isEmpty();
        assertThat(notice(2, Map.of("image_file_not_found", 2L), 3)).isEmpty();
        assertThat(notice(101, Map.of("image_file_not_found", 100L), 1_000_000)).isEmpty();
        assertThat(notice(100, Map.of("image_file_not_found", 99L, "invalid_type", 1L), 1_000_000))
                .isEmpty();
        assertThat(notice(0, Map.of(), 0)).isEmpty();
    }

    private static Optional<String> notice(long rows, Map<String, Long> errors, long total) {
        return ProgressDisplay.notice(new ProgressListener.Tally(0, rows, 0, errors, 0), total);
    }

    @Test
    void fitsIntoOneLineOfTheTerminal() {
        assertThat(ProgressDisplay.cut("0 of 103 rows", OptionalInt.of(10))).isEqualTo("0 of 103 ");
        assertThat(ProgressDisplay.cut("0 of 103 rows", OptionalInt.of(14))).isEqualTo("0 of 103 rows");
        assertThat(ProgressDisplay.cut("0 of 103 rows", OptionalInt.empty())).isEqualTo("0 of 103 rows");
    }
}
