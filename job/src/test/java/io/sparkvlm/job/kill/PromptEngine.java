package io.sparkvlm.job.kill;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.spark.settings.EngineSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Answers a prompt with tokens of it that follow from all of it, some milliseconds later, or ends its process at a moment. */
final class PromptEngine implements Engine {
    static final int MILLIS = 5;

    private static final int TOKENS = 4;

    private final Source source;
    private final Executor later;
    private final AtomicLong submitted = new AtomicLong();

    private PromptEngine(Source source) {
        this.source = source;
        later = source.millis == 0
                ? Runnable::run
                : CompletableFuture.delayedExecutor(source.millis, TimeUnit.MILLISECONDS);
    }

    /** When an engine takes its process with it. */
    enum Moment {
        ENGINE_LOADS,
        ENGINE_ANSWERS,
        ENGINE_CLOSES
    }

    /**
     * @param ends moments, of which the first is its process's end
     * @param brokenHost the address of a machine where none opens, empty for none
     * @param millis that a row takes
     */
    record Source(Set<Moment> ends, String brokenHost, int millis) implements EngineSource {
        @Override
        public Engine open(List<String> gpus) {
            if (brokenHost.equals(System.getenv("SPARK_LOCAL_IP"))) {
                throw new IllegalStateException("this machine's device is broken");
            }
            at(Moment.ENGINE_LOADS);
            return new PromptEngine(this);
        }

        @Override
        public void requireDevice() {} // it needs none

        private void at(Moment moment) {
            if (ends.contains(moment)) {
                Runtime.getRuntime().halt(KilledJob.KILLED);
            }
        }
    }

    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        if (submitted.incrementAndGet() == KilledJob.ROWS_OF_A_TASK_THAT_IS_KILLED) {
            source.at(Moment.ENGINE_ANSWERS);
        }
        int[] prompt = task.prompt().tokenIds();
        Random choice = new Random(Arrays.hashCode(prompt));
        List<GeneratedToken> tokens = Stream.generate(() -> prompt[choice.nextInt(prompt.length)])
                .limit(TOKENS)
                .map(token -> new GeneratedToken(token, Optional.empty()))
                .toList();
        Generation answer = new Generation(
                tokens, FinishReason.LENGTH, 0, new Generation.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO));
        return CompletableFuture.supplyAsync(
                () -> {
                    tokens.forEach(task.listener()::onToken);
                    return Outcome.ok(answer);
                },
                later);
    }

    @Override
    public EngineCounters counters() {
        return EngineCounters.NONE;
    }

    @Override
    public void close() {
        source.at(Moment.ENGINE_CLOSES);
    }
}
