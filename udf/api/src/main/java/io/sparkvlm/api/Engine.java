package io.sparkvlm.api;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import java.util.concurrent.CompletableFuture;

/**
 * Turns prompts into generated tokens, many at a time.
 *
 * <p>Thread-safe: every task of an executor submits to the same engine.
 */
public interface Engine extends AutoCloseable {
    /**
     * Queues one prompt.
     *
     * <p>The future completes with the generation, with a {@link Rejection} when this prompt alone cannot be answered,
     * or exceptionally with an {@link EngineException} when the engine is broken and every prompt in it is lost.
     * Cancelling the future ends the sequence before the engine's next step and frees what it holds. The future
     * completes on the engine's thread: what is chained to it must be short.
     *
     * @throws EngineException when the engine is broken or closed
     */
    CompletableFuture<Outcome<Generation>> submit(GenerationTask task);

    /** What the engine has done so far. */
    EngineCounters counters();

    /** A number that changes as long as the engine computes anything; while prompts are in one that is stuck it stays. */
    default long progress() {
        EngineCounters now = counters();
        return now.steps() + now.finished() + now.encodedMedia();
    }

    /**
     * Ends every sequence with an {@link EngineException}, frees the device and waits for the engine's thread unless that is
     * stuck; called on that thread, from what is chained to a future, it does not wait.
     */
    @Override
    void close();
}
