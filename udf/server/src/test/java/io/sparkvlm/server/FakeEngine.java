package io.sparkvlm.server;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.EngineTimes;
import io.sparkvlm.api.FinishReason;
import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.GeneratedToken.Logprobs;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.TokenListener.Verdict;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Generates what a test says, when it says so. */
final class FakeEngine implements Engine {
    private static final Duration GUARD = Duration.ofMinutes(2);

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private volatile Optional<String> always = Optional.empty();
    private volatile boolean atWork;
    private volatile boolean closed;
    private final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);

    /** Answers every prompt at once with this text. */
    static FakeEngine saying(String text) {
        FakeEngine engine = new FakeEngine();
        engine.always = Optional.of(text);
        return engine;
    }

    /** Fails at prompts beyond so many. */
    static FakeEngine withRoomFor(int prompts) {
        FakeEngine engine = new FakeEngine();
        engine.room.set(prompts);
        return engine;
    }

    /** A prompt in the engine. */
    static final class Asked {
        final GenerationTask task;
        final CompletableFuture<Outcome<Generation>> future = new CompletableFuture<>();
        private final List<GeneratedToken> tokens = new ArrayList<>();

        Asked(GenerationTask task) {
            this.task = task;
        }

        /** Generates a token for each of these ASCII characters, until the listener says stop. */
        Verdict says(String text) {
            for (int i = 0; i < text.length(); i++) {
                GeneratedToken token = new GeneratedToken(idOf(text.charAt(i)), logprobs());
                tokens.add(token);
                if (task.listener().onToken(token) == Verdict.STOP) {
                    return Verdict.STOP;
                }
            }
            return Verdict.CONTINUE;
        }

        /** The same for all tokens. */
        private Optional<Logprobs> logprobs() {
            OptionalInt top = task.sampling().topLogprobs();
            return top.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Logprobs(-1, new int[top.getAsInt()], new float[top.getAsInt()]));
        }

        void ends(FinishReason reason) {
            Duration time = Duration.ofMillis(1);
            future.complete(Outcome.ok(new Generation(tokens, reason, 1, new Generation.Timing(time, time, time))));
        }

        void isRejected(Rejection rejection) {
            future.complete(Outcome.rejected(rejection));
        }

        void breaks() {
            future.completeExceptionally(new EngineException("the device is lost"));
        }

        /** Waits until the server has cancelled it. */
        void awaitCancelled() throws Exception {
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            CompletableFuture<?> unused =
                    future.whenComplete((outcome, failure) -> cancelled.complete(future.isCancelled()));
            if (!cancelled.get(GUARD.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("expected a sequence that is cancelled, found one that has ended");
            }
        }

        /** Byte-level vocabularies begin with the printable ASCII characters, in their order. */
        private static int idOf(char character) {
            return character - '!';
        }
    }

    /** The next prompt that comes. */
    Asked next() throws InterruptedException {
        Asked next = asked.poll(GUARD.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("expected a prompt, found none");
        }
        return next;
    }

    /** Whether its counters say that it has a sequence. */
    void isAtWork(boolean now) {
        atWork = now;
    }

    boolean isIdle() {
        return asked.isEmpty();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        if (room.getAndDecrement() <= 0) {
            throw new IllegalStateException("no memory");
        }
        Asked next = new Asked(task);
        if (always.isPresent()) {
            Verdict verdict = next.says(always.get());
            next.ends(verdict == Verdict.STOP ? FinishReason.STOP : FinishReason.LENGTH);
        } else {
            asked.add(next);
        }
        return next.future;
    }

    @Override
    public EngineCounters counters() {
        return new EngineCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, atWork ? 1 : 0, 0, 0, 0, EngineTimes.NONE);
    }

    @Override
    public void close() {
        closed = true;
    }
}
