package io.sparkvlm.job;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.spark.settings.EngineSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** Echoes as {@link EchoEngine} does, some milliseconds later, counts what is asked of it, and fails the task where it is told to. */
public final class CountingEngine implements Engine {
    /** By a source's name, since sources travel as bytes and engines do not. */
    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

    private static final Executor LATER = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

    private final String name;
    private final Engine echo = new EchoEngine();

    private CountingEngine(String name) {
        this.name = name;
    }

    /** What was asked of the engines of one source, and at which requests they fail. */
    public static final class Script {
        private final AtomicInteger asked = new AtomicInteger();
        private final IntPredicate breaksAt;
        private final IntPredicate refusesAt;

        private Script(IntPredicate breaksAt, IntPredicate refusesAt) {
            this.breaksAt = breaksAt;
            this.refusesAt = refusesAt;
        }

        public int asked() {
            return asked.get();
        }
    }

    /** Opens engines that follow the script of this name. */
    public record Source(String name) implements EngineSource {
        @Override
        public Engine open(List<String> gpus) {
            return new CountingEngine(name);
        }

        @Override
        public void requireDevice() {} // it needs none
    }

    /**
     * A script under a name.
     *
     * @param breaksAt asked with the number of each request, from 1
     */
    public static Script script(String name, IntPredicate breaksAt) {
        return script(name, breaksAt, asked -> false);
    }

    /**
     * A script under a name.
     *
     * @param breaksAt asked with the number of each request, from 1
     * @param refusesAt the same, for those that become error rows
     */
    public static Script script(String name, IntPredicate breaksAt, IntPredicate refusesAt) {
        Script script = new Script(breaksAt, refusesAt);
        SCRIPTS.put(name, script);
        return script;
    }

    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        Script script = SCRIPTS.get(name); // an engine outlives the job that opened it
        int asked = script.asked.incrementAndGet();
        if (script.breaksAt.test(asked)) {
            throw new IllegalStateException("the device is lost"); // which fails the task
        }
        if (script.refusesAt.test(asked)) {
            return CompletableFuture.completedFuture(
                    Outcome.rejected(Rejection.of(EngineCode.SERVER_ERROR, "refused as the script says")));
        }
        return echo.submit(task).thenApplyAsync(answer -> answer, LATER);
    }

    @Override
    public EngineCounters counters() {
        return echo.counters();
    }

    @Override
    public void close() {
        echo.close();
    }
}
