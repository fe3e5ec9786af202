package io.sparkvlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.spark.settings.InFlightLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class InFlightRowsTest {
    private static final GenerationTask TASK = new GenerationTask(
            new Prompt(new int[] {7}, new MropePositions(new int[1], new int[1], new int[1], 1), List.of()),
            SamplingParams.GREEDY,
            new StopRules(1, 0, Set.of()),
            TokenListener.NONE);

    @Test
    void givesRowsBackAsTheyEnd() throws InterruptedException {
        FakeEngine.answering("in-flight-answers");
        try (Engine engine = new FakeEngine.Source("in-flight-answers").open(Optional.empty());
                InFlightRows<String> rows = new InFlightRows<>(engine, new InFlightLimits(2, 100))) {
            rows.submit("a", TASK, 1);
            rows.submit("b", TASK, 1);
            assertThat(List.of(rows.await(() -> {}).row(), rows.await(() -> {}).row()))
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(rows.isEmpty()).isTrue();
        }
    }

    @Test
    void isFullByRowsOrByBytesButTakesALargeRowAlone() {
        FakeEngine.script("in-flight-silent", task -> new CompletableFuture<>());
        try (Engine engine = new FakeEngine.Source("in-flight-silent").open(Optional.empty())) {
            InFlightRows<String> byRows = new InFlightRows<>(engine, new InFlightLimits(2, 100));
            byRows.submit("a", TASK, 1);
            assertThat(byRows.hasRoom()).isTrue();
            byRows.submit("b", TASK, 1);
            assertThat(byRows.hasRoom()).isFalse();

            InFlightRows<String> byBytes = new InFlightRows<>(engine, new InFlightLimits(9, 100));
            assertThat(byBytes.hasRoom()).isTrue();
            byBytes.submit("large", TASK, 1000);
            assertThat(byBytes.hasRoom()).isFalse();
        }
    }

    @Test
    void cancelsWhatRunsWhenItCloses() {
        FakeEngine.Script script = FakeEngine.script("in-flight-cancel", task -> new CompletableFuture<>());
        try (Engine engine = new FakeEngine.Source("in-flight-cancel").open(Optional.empty())) {
            InFlightRows<String> rows = new InFlightRows<>(engine, new InFlightLimits(2, 100));
            rows.submit("a", TASK, 1);
            rows.submit("b", TASK, 1);
            rows.close();
        }
        assertThat(script.cancelled).hasValue(2);
    }

    @Test
    void givesUpWaitingWhenToldTo() {
        FakeEngine.script("in-flight-give-up", task -> new CompletableFuture<>());
        try (Engine engine = new FakeEngine.Source("in-flight-give-up").open(Optional.empty())) {
            InFlightRows<String> rows = new InFlightRows<>(engine, new InFlightLimits(2, 100));
            rows.submit("a", TASK, 1);
            assertThatThrownBy(() -> rows.await(() -> {
                        throw new IllegalStateException("killed");
                    }))
                    .hasMessage("killed");
        }
    }
}
