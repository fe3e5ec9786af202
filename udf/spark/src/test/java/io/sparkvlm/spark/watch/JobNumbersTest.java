package io.sparkvlm.spark.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class JobNumbersTest {
    private static final String ROWS = "rows";
    private static final String RUNNING = "sequences_running";

    private final JobNumbers numbers = new JobNumbers();

    @Test
    void areTheLastThatEachExecutorHasTold() {
        numbers.told("1", Map.of(ROWS, 3.0, RUNNING, 2.0));
        numbers.told("2", Map.of(ROWS, 10.0, RUNNING, 8.0));
        numbers.told("1", Map.of(ROWS, 5.0, RUNNING, 1.0));

        assertThat(numbers.sum(ROWS)).isEqualTo(15);
        assertThat(numbers.sum(RUNNING)).isEqualTo(9);
        assertThat(numbers.sum("steps")).isZero();
    }

    @Test
    void keepWhatALostExecutorHasCountedAndForgetWhatItHeld() {
        numbers.told("1", Map.of(ROWS, 3.0, RUNNING, 2.0));
        numbers.told("2", Map.of(ROWS, 10.0, RUNNING, 8.0));
        numbers.ended("1");
        numbers.told("3", Map.of(ROWS, 1.0, RUNNING, 1.0)); // which Spark started in its place

        assertThat(numbers.sum(ROWS)).isEqualTo(14);
        assertThat(numbers.sum(RUNNING)).isEqualTo(9);
    }

    @Test
    void whatALostExecutorToldLastCountsAlsoIfItComesLate() {
        numbers.told("1", Map.of(ROWS, 3.0, RUNNING, 2.0));
        numbers.ended("1");
        numbers.told("1", Map.of(ROWS, 4.0, RUNNING, 2.0));
        numbers.ended("2"); // and one that never told anything

        assertThat(numbers.sum(ROWS)).isEqualTo(4);
        assertThat(numbers.sum(RUNNING)).isZero();
    }
}
