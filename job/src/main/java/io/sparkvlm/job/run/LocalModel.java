package io.sparkvlm.job.run;

import io.sparkvlm.api.Engine;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.spark.settings.InferenceConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Answers requests in this process, without Spark: a checkpoint that is open, with its engine.
 *
 * <p>Thread-safe: the requests of all threads are in the engine together.
 */
public final class LocalModel implements AutoCloseable {
    private final Preprocessor preprocessor;
    private final Engine engine;
    /** Of requests that have their media decoded. */
    private final Semaphore places;

    private volatile boolean closed;

    private LocalModel(Preprocessor preprocessor, Engine engine, int places) {
        this.preprocessor = preprocessor;
        this.engine = engine;
        this.places = new Semaphore(places);
    }

    /**
     * Opens a checkpoint.
     *
     * @param config with an engine of its own
     * @throws IOException when the checkpoint cannot be read
     */
    public static LocalModel open(InferenceConfig config) throws IOException {
        Preprocessor preprocessor = config.preprocessing().open();
        try {
            return new LocalModel(
                    preprocessor,
                    config.ownEngine().open(List.of()),
                    config.inFlight().rows());
        } catch (IOException | RuntimeException | LinkageError e) {
            preprocessor.close();
            throw e;
        }
    }

    /**
     * Answers requests, as many at once as the engine takes.
     *
     * @return what became of each, in their order
     * @throws ExecutionException when the engine is broken
     * @throws IllegalStateException when the model is closed, or was before all were answered
     */
    public List<Outcome<Completion>> answers(List<RequestRow> requests)
            throws InterruptedException, ExecutionException {
        requireOpen();
        try {
            List<Outcome<Completion>> answers = ofAll(requests);
            if (answers.stream().anyMatch(Outcome.Rejected.class::isInstance)) {
                requireOpen(); // of a closed engine all rows are errors
            }
            return answers;
        } catch (RuntimeException | ExecutionException e) {
            requireOpen();
            throw e;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("expected a model that is open, found one that is closed: load it again");
        }
    }

    private List<Outcome<Completion>> ofAll(List<RequestRow> requests) throws InterruptedException, ExecutionException {
        List<CompletableFuture<Outcome<Completion>>> asked = new ArrayList<>(requests.size());
        for (RequestRow request : requests) {
            asked.add(ask(request));
        }
        List<Outcome<Completion>> answers = new ArrayList<>(asked.size());
        for (CompletableFuture<Outcome<Completion>> answer : asked) {
            answers.add(answer.get());
        }
        return answers;
    }

    private CompletableFuture<Outcome<Completion>> ask(RequestRow request) throws InterruptedException {
        places.acquire();
        CompletableFuture<Outcome<Completion>> answer;
        try {
            answer = preprocessor
                    .encode(preprocessor.prepare(request))
                    .fold(
                            ready -> engine.submit(ready.task())
                                    // Not on the engine's thread, and not when all are there: patches are held until
                                    // then.
                                    .thenApplyAsync(outcome ->
                                            outcome.map(generation -> preprocessor.complete(ready, generation))),
                            rejection -> CompletableFuture.completedFuture(Outcome.rejected(rejection)));
        } catch (RuntimeException | Error e) {
            places.release();
            throw e;
        }
        CompletableFuture<?> unused = answer.whenComplete((outcome, failure) -> places.release());
        return answer;
    }

    @Override
    public void close() {
        closed = true;
        try {
            engine.close();
        } finally {
            preprocessor.close();
        }
    }
}
