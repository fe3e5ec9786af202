package io.sparkvlm.job.crash;

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
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers each prompt after some milliseconds with its own last token, on a thread of its own, and does real harm at
 * prompts that ask for it: by the number of tokens that they want.
 */
final class PoisonEngine implements Engine {
    private final long millisPerRow;
    private final LinkedBlockingQueue<Asked> inbox = new LinkedBlockingQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private volatile boolean broken;

    private PoisonEngine(long millisPerRow) {
        this.millisPerRow = millisPerRow;
        Thread thread = new Thread(this::run, "poison-engine");
        thread.setDaemon(true);
        thread.start();
    }

    /** What a row does to the process, by the number of tokens that it wants. */
    enum Poison {
        SEGMENTATION_FAULT(11),
        EXIT(12),
        ENDLESS_LOOP(13),
        ALLOCATION(14),
        NATIVE_EXCEPTION(15);

        private final int maxTokens;

        Poison(int maxTokens) {
            this.maxTokens = maxTokens;
        }

        int maxTokens() {
            return maxTokens;
        }

        static Optional<Poison> of(GenerationTask task) {
            return Arrays.stream(values())
                    .filter(poison -> poison.maxTokens == task.stop().maxTokens())
                    .findFirst();
        }
    }

    /** Opens one. */
    record Source(long millisPerRow) implements EngineSource {
        @Override
        public Engine open(List<String> gpus) {
            return new PoisonEngine(millisPerRow);
        }

        @Override
        public void requireDevice() {} // it needs none
    }

    private record Asked(GenerationTask task, CompletableFuture<Outcome<Generation>> answer) {}

    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        Asked asked = new Asked(task, new CompletableFuture<>());
        synchronized (this) {
            if (broken) {
                throw new EngineException("the engine is broken");
            }
            inbox.add(asked);
        }
        return asked.answer;
    }

    private void run() {
        while (true) {
            Asked asked;
            try {
                asked = inbox.take();
                Thread.sleep(millisPerRow);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (asked.answer.isDone()) {
                continue; // cancelled
            }
            try {
                Poison.of(asked.task).ifPresent(PoisonEngine::harm);
            } catch (RuntimeException e) {
                end(new EngineException("the engine failed: " + e.getMessage(), e), asked);
                return;
            }
            asked.answer.complete(Outcome.ok(echo(asked.task)));
            answered.incrementAndGet();
        }
    }

    private synchronized void end(EngineException fault, Asked asked) {
        broken = true;
        asked.answer.completeExceptionally(fault);
        inbox.forEach(other -> other.answer.completeExceptionally(fault));
    }

    private static void harm(Poison poison) {
        switch (poison) {
            case SEGMENTATION_FAULT -> signalled("SEGV");
            case EXIT -> Runtime.getRuntime().halt(0);
            case ENDLESS_LOOP -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case ALLOCATION -> throw new IllegalStateException("8 GB fit: " + new long[1 << 30].length);
            case NATIVE_EXCEPTION -> throw new IllegalStateException("thrown by native code");
        }
    }

    private static void signalled(String signal) {
        try {
            new ProcessBuilder(
                            "kill", "-" + signal, "" + ProcessHandle.current().pid())
                    .start();
            Thread.sleep(Long.MAX_VALUE);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Generation echo(GenerationTask task) {
        int[] prompt = task.prompt().tokenIds();
        GeneratedToken token = new GeneratedToken(prompt[prompt.length - 1], Optional.empty());
        task.listener().onToken(token);
        return new Generation(
                List.of(token),
                FinishReason.LENGTH,
                0,
                new Generation.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @Override
    public EngineCounters counters() {
        long rows = answered.get();
        return new EngineCounters(rows + inbox.size(), rows, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, EngineTimes.NONE);
    }

    @Override
    public void close() {}
}
