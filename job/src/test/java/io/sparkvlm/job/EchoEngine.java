package io.sparkvlm.job;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineTimes;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.spark.settings.EngineSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Answers every prompt at once with its own last token. */
final class EchoEngine implements Engine {
    private final AtomicLong submitted = new AtomicLong();

    /** Opens one. */
    record Source() implements EngineSource {
        @Override
        public Engine open(List<String> gpus) {
            return new EchoEngine();
        }

        @Override
        public void requireDevice() {} // it needs none
    }

    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        submitted.incrementAndGet();
        int[] prompt = task.prompt().tokenIds();
        GeneratedToken token = new GeneratedToken(prompt[prompt.length - 1], Optional.empty());
        task.listener().onToken(token);
        Generation.Timing timing = new Generation.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        return CompletableFuture.completedFuture(
                Outcome.ok(new Generation(List.of(token), FinishReason.LENGTH, 0, timing)));
    }

    @Override
    public EngineCounters counters() {
        return new EngineCounters(submitted.get(), submitted.get(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, EngineTimes.NONE);
    }

    @Override
    public void close() {}
}
