package io.sparkvlm.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.spark.FakeEngine;
import io.sparkvlm.spark.executor.EngineGate.Turn;
import io.sparkvlm.spark.executor.InFlightRows.Asked;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InFlightLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class InFlightRowsTest {
    private static final Duration PATIENT = Duration.ofMinutes(5);

    /** A row of one token. */
    private record Named(String name) implements Asked<Named> {
        @Override
        public GenerationTask task() {
            return new GenerationTask(
                    new Prompt(new int[] {7}, new MropePositions(new int[1], new int[1], new int[1], 1), List.of()),
                    SamplingParams.GREEDY,
                    new StopRules(1, 0, Set.of()),
                    TokenListener.NONE);
        }

        @Override
        public Named anew() {
            return this;
        }
    }

    @Test
    void givesRowsBackAsTheyEnd() throws Exception {
        FakeEngine.answering("in-flight-answers");
        try (InFlightRows<Named> rows = rows("in-flight-answers", new InFlightLimits(2, 100, PATIENT))) {
            submit(rows, "a", 1);
            submit(rows, "b", 1);
            assertThat(List.of(rows.await().row().name(), rows.await().row().name()))
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(rows.isEmpty()).isTrue();
        }
    }

    @Test
    void isFullByRowsOrByBytesButTakesALargeRowAlone() throws Exception {
        FakeEngine.script("in-flight-silent", task -> new CompletableFuture<>());
        try (InFlightRows<Named> byRows = rows("in-flight-silent", new InFlightLimits(2, 100, PATIENT));
                InFlightRows<Named> byBytes = rows("in-flight-silent", new InFlightLimits(9, 100, PATIENT))) {
            submit(byRows, "a", 1);
            assertThat(byRows.hasRoom()).isTrue();
            submit(byRows, "b", 1);
            assertThat(byRows.hasRoom()).isFalse();

            assertThat(byBytes.hasRoom()).isTrue();
            submit(byBytes, "large", 1000);
            assertThat(byBytes.hasRoom()).isFalse();
        }
    }

    @Test
    void cancelsWhatRunsWhenItCloses() throws Exception {
        FakeEngine.Script script = FakeEngine.script("in-flight-cancel", task -> new CompletableFuture<>());
        try (InFlightRows<Named> rows = rows("in-flight-cancel", new InFlightLimits(2, 100, PATIENT))) {
            submit(rows, "a", 1);
            submit(rows, "b", 1);
        }
        assertThat(script.cancelled).hasValue(2);
    }

    @Test
    void givesUpWaitingWhenToldTo() throws Exception {
        FakeEngine.script("in-flight-give-up", task -> new CompletableFuture<>());
        AtomicBoolean killed = new AtomicBoolean();
        try (InFlightRows<Named> rows =
                new InFlightRows<>(share("in-flight-give-up"), new InFlightLimits(2, 100, PATIENT), () -> {
                    if (killed.get()) {
                        throw new IllegalStateException("killed");
                    }
                })) {
            submit(rows, "a", 1);
            killed.set(true);
            assertThatThrownBy(rows::await).hasMessage("killed");
        }
    }

    @Test
    void takesAnEngineThatDoesNothingForStuck() throws Exception {
        FakeEngine.script("in-flight-stuck", task -> new CompletableFuture<>());
        try (InFlightRows<Named> rows = rows("in-flight-stuck", new InFlightLimits(2, 100, Duration.ofMillis(300)))) {
            submit(rows, "a", 1);
            assertThatThrownBy(rows::await)
                    .isInstanceOf(StalledEngineException.class)
                    .hasMessageContaining("--engine-stall-timeout");
        }
    }

    @Test
    @SuppressWarnings("try") // the other rows end before their time
    void computesARowAloneThatAsksForIt() throws Exception {
        FakeEngine.Script script = FakeEngine.script("in-flight-alone", task -> new CompletableFuture<>());
        InFlightLimits limits = new InFlightLimits(2, 100, PATIENT);
        AtomicBoolean waits = new AtomicBoolean();
        try (InFlightRows<Named> others = rows("in-flight-alone", limits);
                InFlightRows<Named> alone = new InFlightRows<>(share("in-flight-alone"), limits.alone(), () -> {
                    if (waits.getAndSet(true)) {
                        throw new IllegalStateException("still waiting");
                    }
                })) {
            submit(others, "a", 1);
            assertThatThrownBy(alone::turn).hasMessage("still waiting");
            others.close();
            try (Turn turn = alone.turn()) {
                assertThat(script.running).hasValue(0);
            }
        }
    }

    private static void submit(InFlightRows<Named> rows, String name, long bytes) throws InterruptedException {
        rows.submit(new Named(name), bytes, rows.turn());
    }

    private static InFlightRows<Named> rows(String engine, InFlightLimits limits) throws Exception {
        return new InFlightRows<>(share(engine), limits, () -> {});
    }

    private static EngineShare share(String engine) throws Exception {
        SharedResource<EngineSource, Engine> engines = new SharedResource<>(source -> source.open(List.of()));
        return new EngineShare(() -> engines.acquire(new FakeEngine.Source(engine), () -> {}));
    }
}
