package io.sparkvlm.spark;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.PreparedRow;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.spark.InFlightRows.InFlight;
import io.sparkvlm.spark.settings.EngineSource;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.table.OutputRow;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Feeds prepared rows to the engine and yields rows of the output as the engine ends them, in the order they end.
 *
 * <p>What has ended goes first, so that rows do not pile up; then, while there is room, the next row is taken from
 * upstream and decoded here, on the task's thread, while the engine works on the others; only then does the task
 * wait.
 */
final class InferIterator implements Iterator<Row>, AutoCloseable {
    private final Iterator<CarryingRow> upstream;
    private final Preprocessor preprocessor;
    private final SharedResource<EngineSource, Engine>.Lease engine;
    private final InFlightRows<Submitted> inFlight;
    private final InferenceMetrics metrics;
    private final TaskContext task;
    private Optional<Row> next = Optional.empty();

    private InferIterator(
            Iterator<CarryingRow> upstream,
            Preprocessor preprocessor,
            SharedResource<EngineSource, Engine>.Lease engine,
            InferenceConfig config,
            InferenceMetrics metrics) {
        this.upstream = upstream;
        this.preprocessor = preprocessor;
        this.engine = engine;
        this.inFlight = new InFlightRows<>(engine.resource(), config.inFlight());
        this.metrics = metrics;
        this.task = TaskContext.get();
    }

    /** Answers the rows of this task, which closes the iterator when it ends, with its share of the executor's engine. */
    static InferIterator inThisTask(
            Iterator<CarryingRow> upstream, Preprocessor preprocessor, InferenceConfig config, InferenceMetrics metrics)
            throws Exception {
        TaskContext task = TaskContext.get();
        InferIterator answers = new InferIterator(
                upstream,
                preprocessor,
                ExecutorResources.leaseFor(task, ExecutorResources.ENGINE, config.engine()),
                config,
                metrics);
        // Listeners run last to first: the rows are cancelled before the engine is given back.
        TaskCompletionListener cancel = context -> answers.close();
        task.addTaskCompletionListener(cancel);
        return answers;
    }

    /** A row in the engine: its request, what the output says of it, and how long it took to make it ready. */
    private record Submitted(ReadyRequest request, OutputRow output, Duration encode) {}

    /** A row that the engine never saw. */
    private record Refused(Rejection rejection, Optional<Duration> decode) {}

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            try {
                next = advance();
            } catch (EngineException e) {
                discardEngine(e);
                throw e;
            }
        }
        return next.isPresent();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the partition has no more rows");
        }
        Row row = next.get();
        next = Optional.empty();
        return row;
    }

    /** Cancels the rows that are still in the engine. */
    @Override
    public void close() {
        inFlight.close();
    }

    private Optional<Row> advance() {
        while (true) {
            Optional<InFlight<Submitted>> ended = inFlight.poll();
            if (ended.isPresent()) {
                return ended.map(this::answer);
            }
            if (inFlight.hasRoom() && upstream.hasNext()) {
                Optional<Row> refused = ask(upstream.next());
                if (refused.isPresent()) {
                    return refused;
                }
            } else if (inFlight.isEmpty()) {
                return Optional.empty();
            } else {
                return Optional.of(answer(awaitEnded()));
            }
        }
    }

    /** Hands the row to the engine, or returns it with the reason why not. */
    private Optional<Row> ask(CarryingRow next) {
        PreparedRow row = next.row();
        OutputRow output = new OutputRow(row, task.attemptNumber() + 1, next.carried());
        Optional<Rejection> refused = row.answerable().fold(request -> Optional.empty(), Optional::of);
        if (refused.isPresent()) {
            return Optional.of(rejected(output, refused.get(), Optional.empty()));
        }
        return submit(row, output).map(reason -> rejected(output, reason.rejection(), reason.decode()));
    }

    /** Decodes the row and hands it to the engine, or says why not. */
    private Optional<Refused> submit(PreparedRow row, OutputRow output) {
        long start = System.nanoTime();
        try {
            Outcome<ReadyRequest> ready = preprocessor.encode(row);
            Duration encode = Duration.ofNanos(System.nanoTime() - start);
            return ready.fold(
                    request -> {
                        inFlight.submit(
                                new Submitted(request, output, encode),
                                request.task(),
                                patchBytes(request) + output.bytes());
                        return Optional.empty();
                    },
                    rejection -> Optional.of(new Refused(rejection, Optional.of(encode))));
        } catch (EngineException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) { // one row's fault
            return Optional.of(new Refused(ServerErrors.rejection(row.rowId(), e), Optional.empty()));
        }
    }

    private Row answer(InFlight<Submitted> ended) {
        Submitted asked = ended.row();
        return outcome(ended)
                .fold(
                        generation -> answered(asked, generation),
                        rejection -> rejected(
                                asked.output(),
                                rejection,
                                Optional.of(asked.request().decodeTime())));
    }

    private Outcome<Generation> outcome(InFlight<Submitted> ended) {
        String rowId = ended.row().output().rowId();
        try {
            return ended.answer()
                    .join()
                    .fold(Outcome::ok, rejection -> Outcome.rejected(ServerErrors.ofEngine(rowId, rejection)));
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException broken) {
                throw broken;
            }
            return Outcome.rejected(ServerErrors.rejection(rowId, e.getCause()));
        }
    }

    private Row answered(Submitted asked, Generation generation) {
        Completion completion;
        try {
            completion = preprocessor.complete(asked.request(), generation);
        } catch (RuntimeException e) {
            return rejected(
                    asked.output(),
                    ServerErrors.rejection(asked.output().rowId(), e),
                    Optional.of(asked.request().decodeTime()));
        }
        metrics.answered(completion);
        return asked.output()
                .answered(
                        completion,
                        asked.request().decodeTime(),
                        generation.timing(),
                        asked.encode().plus(generation.timing().total()));
    }

    private Row rejected(OutputRow output, Rejection rejection, Optional<Duration> decode) {
        metrics.rejected(rejection.code().wireName());
        return output.rejected(rejection, decode);
    }

    private InFlight<Submitted> awaitEnded() {
        try {
            return inFlight.await(task::killTaskIfInterrupted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskKilledException("interrupted while it waited for the engine");
        }
    }

    private void discardEngine(EngineException broken) {
        try {
            engine.discard();
        } catch (Exception e) {
            broken.addSuppressed(e);
        }
    }

    private static long patchBytes(ReadyRequest request) {
        return request.task().prompt().vision().stream()
                .mapToLong(vision -> vision.patches().length)
                .sum();
    }
}
