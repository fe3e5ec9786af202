package io.sparkvlm.spark;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.EngineTimes;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.spark.settings.EngineSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Answers each prompt with one token a little later, unless its script says otherwise, and counts what is asked of it. */
public final class FakeEngine implements Engine {
    /** By a source's name, since sources travel as bytes and engines do not. */
    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

    private static final Executor LATER = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    private final Script script;
    private volatile boolean broken;

    private FakeEngine(Script script) {
        this.script = script;
    }

    /** What the engines of one source do, and what was asked of them. */
    public static final class Script {
        public final AtomicInteger opened = new AtomicInteger();
        public final AtomicInteger closed = new AtomicInteger();
        public final AtomicInteger submitted = new AtomicInteger();
        public final AtomicInteger cancelled = new AtomicInteger();
        public final AtomicInteger running = new AtomicInteger();
        public final AtomicInteger mostRunning = new AtomicInteger();
        private final Function<GenerationTask, CompletableFuture<Outcome<Generation>>> behaviour;

        private Script(Function<GenerationTask, CompletableFuture<Outcome<Generation>>> behaviour) {
            this.behaviour = behaviour;
        }
    }

    /** Opens engines that follow the script of this name. */
    public record Source(String name) implements EngineSource {
        @Override
        public Engine open(List<String> gpus) {
            SCRIPTS.get(name).opened.incrementAndGet();
            return new FakeEngine(SCRIPTS.get(name));
        }

        @Override
        public void requireDevice() {} // it needs none
    }

    /** A script under a name; the behaviour's future is what the engine returns once it completes. */
    public static Script script(
            String name, Function<GenerationTask, CompletableFuture<Outcome<Generation>>> behaviour) {
        Script script = new Script(behaviour);
        SCRIPTS.put(name, script);
        return script;
    }

    public static Script answering(String name) {
        return script(name, task -> CompletableFuture.completedFuture(Outcome.ok(answer(task))));
    }

    /** A generation of one token, the prompt's last, which the task's listener hears. */
    public static Generation answer(GenerationTask task) {
        Generation generation = generation(task);
        generation.tokens().forEach(task.listener()::onToken);
        return generation;
    }

    public static Generation generation(GenerationTask task) {
        int[] prompt = task.prompt().tokenIds();
        return new Generation(
                List.of(new GeneratedToken(prompt[prompt.length - 1], Optional.empty())),
                FinishReason.LENGTH,
                0,
                new Generation.Timing(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
    }

    public static <T> CompletableFuture<T> broken() {
        return CompletableFuture.failedFuture(new EngineException("the device is lost"));
    }

    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        if (broken) {
            throw new EngineException("the engine is broken");
        }
        script.submitted.incrementAndGet();
        script.mostRunning.accumulateAndGet(script.running.incrementAndGet(), Math::max);
        CompletableFuture<Outcome<Generation>> result = new CompletableFuture<>();
        CompletableFuture<?> unused = result.whenComplete((outcome, failure) -> {
            if (result.isCancelled()) {
                script.running.decrementAndGet();
                script.cancelled.incrementAndGet();
            }
        });
        LATER.execute(() -> passOn(script.behaviour.apply(task), result));
        return result;
    }

    private void passOn(CompletableFuture<Outcome<Generation>> answer, CompletableFuture<Outcome<Generation>> result) {
        CompletableFuture<?> unused = answer.whenComplete((outcome, failure) -> {
            if (result.isCancelled()) {
                return;
            }
            broken |= failure instanceof EngineException;
            script.running.decrementAndGet(); // before anybody hears of it and submits the next
            if (failure == null) {
                result.complete(outcome);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    @Override
    public EngineCounters counters() {
        return new EngineCounters(
                script.submitted.get(), 0, 0, 0, 0, 0, 0, 0, 0, script.running.get(), 0, 0, 0, EngineTimes.NONE);
    }

    @Override
    public void close() {
        script.closed.incrementAndGet();
    }
}
