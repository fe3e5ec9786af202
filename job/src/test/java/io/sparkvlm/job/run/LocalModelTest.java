package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.job.EchoInference;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.spark.settings.EngineSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class LocalModelTest {
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    /** As many as {@link EchoInference} lets into the engine. */
    private static final int PLACES = 8;

    @Test
    void asksForTheRequestsOfABatchTogether() throws Exception {
        GatheringEngine engine = new GatheringEngine(PLACES);
        try (LocalModel model = LocalModel.open(EchoInference.config(source(engine), WebAccess.CLOSED, 7))) {
            List<Outcome<Completion>> answers = model.answers(IntStream.range(0, 2 * PLACES)
                    .mapToObj(i -> request(i, BODY))
                    .toList());
            assertThat(answers).hasSize(2 * PLACES).allMatch(Outcome.Ok.class::isInstance);
        }
        assertThat(engine.mostInside).isEqualTo(PLACES);
    }

    @Test
    void aRefusedRequestTakesNoPlaceAndKeepsItsOwn() throws Exception {
        try (LocalModel model =
                LocalModel.open(EchoInference.config(source(new GatheringEngine(2)), WebAccess.CLOSED, 7))) {
            List<RequestRow> rows = new ArrayList<>(Collections.nCopies(PLACES, request(0, "nonsense")));
            rows.add(0, request(1, BODY));
            rows.add(request(2, BODY));
            List<Outcome<Completion>> answers = model.answers(rows);
            assertThat(answers.get(0)).isInstanceOf(Outcome.Ok.class);
            assertThat(answers.subList(1, PLACES + 1)).allMatch(Outcome.Rejected.class::isInstance);
            assertThat(answers.get(PLACES + 1)).isInstanceOf(Outcome.Ok.class);
        }
    }

    @Test
    void anEngineThatBreaksEndsTheBatch() throws Exception {
        GatheringEngine engine = new GatheringEngine(2);
        try (LocalModel model = LocalModel.open(EchoInference.config(source(engine), WebAccess.CLOSED, 7))) {
            engine.broken = true;
            for (int batch = 0; batch <= PLACES; batch++) { // none of which keeps a place
                assertThatThrownBy(() -> model.answers(List.of(request(0, BODY))))
                        .hasRootCauseInstanceOf(EngineException.class);
            }
        }
    }

    private static RequestRow request(int row, String json) {
        return new RequestRow("row:" + row, Optional.empty(), json, new BinaryColumns(Map.of()));
    }

    private static EngineSource source(Engine engine) {
        return new EngineSource() {
            @Override
            public Engine open(List<String> gpus) {
                return engine;
            }

            @Override
            public void requireDevice() {} // it needs none
        };
    }

    /** Answers when as many prompts are inside as it waits for. */
    private static final class GatheringEngine implements Engine {
        private final int awaited;
        private final List<CompletableFuture<Outcome<Generation>>> inside = new ArrayList<>();
        private int mostInside;
        private volatile boolean broken;

        private GatheringEngine(int awaited) {
            this.awaited = awaited;
        }

        @Override
        public synchronized CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
            CompletableFuture<Outcome<Generation>> answer = new CompletableFuture<>();
            if (broken) {
                answer.completeExceptionally(new EngineException("the device is lost"));
                return answer;
            }
            inside.add(answer);
            mostInside = Math.max(mostInside, inside.size());
            if (inside.size() == awaited) {
                Generation.Timing none = new Generation.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);
                List<CompletableFuture<Outcome<Generation>>> all = List.copyOf(inside);
                inside.clear();
                CompletableFuture<?> unused = CompletableFuture.runAsync(() -> all.forEach(
                        it -> it.complete(Outcome.ok(new Generation(List.of(), FinishReason.STOP, 0, none)))));
            }
            return answer;
        }

        @Override
        public EngineCounters counters() {
            return EngineCounters.NONE;
        }

        @Override
        public void close() {}
    }
}
