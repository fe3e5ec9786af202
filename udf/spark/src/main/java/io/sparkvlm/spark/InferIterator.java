package io.sparkvlm.spark;

import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.spark.commit.RowJournal;
import io.sparkvlm.spark.commit.RowJournal.Admission;
import io.sparkvlm.spark.commit.RowJournal.Admitting;
import io.sparkvlm.spark.executor.EngineGate.Turn;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.executor.InFlightRows;
import io.sparkvlm.spark.executor.InFlightRows.Asked;
import io.sparkvlm.spark.executor.InFlightRows.InFlight;
import io.sparkvlm.spark.executor.StalledEngineException;
import io.sparkvlm.spark.settings.InFlightLimits.Sharing;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.table.OutputRow;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.apache.spark.util.TaskFailureListener;

/**
 * Has the executor's engine answer prepared rows. A row is decoded here, on the task's thread, while the engine works on the
 * others.
 */
final class InferIterator extends AnswerIterator {
    private final Preprocessor preprocessor;
    private final InFlightRows<Submitted> inFlight;
    private final RowJournal journal = RowJournal.ofThisTask();
    private final InferenceMetrics metrics;
    private final TaskContext task;
    private final Sharing sharing;
    private boolean processDies;

    private InferIterator(
            Iterator<CarryingRow> upstream,
            Preprocessor preprocessor,
            InFlightRows<Submitted> inFlight,
            InferenceConfig config,
            InferenceMetrics metrics) {
        super(upstream, "the engine");
        this.preprocessor = preprocessor;
        this.task = TaskContext.get();
        this.sharing = config.inFlight().sharing();
        this.inFlight = inFlight;
        this.metrics = metrics;
    }

    /** Answers the rows of this task, which closes the iterator when it ends, with its share of the executor's engine. */
    static InferIterator inThisTask(
            Iterator<CarryingRow> upstream, Preprocessor preprocessor, InferenceConfig config, InferenceMetrics metrics)
            throws Exception {
        TaskContext task = TaskContext.get();
        InferIterator answers = new InferIterator(
                upstream,
                preprocessor,
                InFlightRows.ofThisTask(config.ownEngine(), config.inFlight()),
                config,
                metrics);
        // Listeners run last to first: the rows are cancelled before the engine is given back.
        TaskCompletionListener cancel = context -> answers.close();
        task.addTaskCompletionListener(cancel);
        TaskFailureListener fatal = (context, error) -> answers.processDies |= error instanceof VirtualMachineError;
        task.addTaskFailureListener(fatal);
        return answers;
    }

    /** A row in the engine: its request, what the output says of it, and how long it took to make it ready. */
    private record Submitted(ReadyRequest request, OutputRow output, Duration encode) implements Asked<Submitted> {
        @Override
        public GenerationTask task() {
            return request.task();
        }

        @Override
        public Submitted anew() {
            return new Submitted(request.anew(), output, encode);
        }
    }

    /** A row whose media are decoded, or the reason why they cannot be. */
    private record Encoded(Outcome<ReadyRequest> ready, Duration time) {}

    /** A row that the engine never saw. */
    private record Refused(Rejection rejection, Optional<Duration> decode) {}

    @Override
    public boolean hasNext() {
        try {
            return super.hasNext();
        } catch (StalledEngineException e) {
            processDies = true;
            throw ExecutorResources.end(e);
        }
    }

    @Override
    public void close() {
        inFlight.close();
        if (!processDies) { // of rows that it is still known to compute
            journal.leave();
        }
    }

    @Override
    Optional<Row> poll() throws InterruptedException {
        return inFlight.poll().map(this::answer);
    }

    @Override
    boolean hasRoom() {
        return inFlight.hasRoom();
    }

    @Override
    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    @Override
    Row await() throws InterruptedException {
        journal.flush();
        return answer(inFlight.await());
    }

    @Override
    Optional<Row> ask(CarryingRow next) throws InterruptedException {
        PreparedRow row = next.row();
        OutputRow output = new OutputRow(row, task.attemptNumber() + 1, ExecutorResources.executorId(), next.carried());
        Optional<Rejection> refused = row.answerable().fold(request -> Optional.empty(), Optional::of);
        if (refused.isPresent()) {
            return Optional.of(rejected(output, refused.get(), Optional.empty()));
        }
        Turn turn = inFlight.turn();
        boolean submitted = false;
        try {
            Optional<Refused> reason = submit(row, output, turn);
            submitted = reason.isEmpty();
            return reason.map(it -> rejected(output, it.rejection(), it.decode()));
        } finally {
            if (!submitted) {
                turn.close();
                journal.end(row.rowId());
            }
        }
    }

    /** Decodes the row and hands it to the engine, or says why not. */
    private Optional<Refused> submit(PreparedRow row, OutputRow output, Turn turn) {
        Admitting admitting = journal.begin(row.rowId());
        if (sharing == Sharing.ONE_ROW && admitting.await() == Admission.CRASHED) {
            return Optional.of(new Refused(ServerErrors.crashed(row.rowId()), Optional.empty()));
        }
        Encoded encoded = encoded(row);
        admitting.await();
        return encoded.ready()
                .fold(
                        request -> submit(new Submitted(request, output, encoded.time()), turn),
                        rejection -> Optional.of(new Refused(rejection, Optional.of(encoded.time()))));
    }

    private Optional<Refused> submit(Submitted row, Turn turn) {
        try {
            inFlight.submit(row, patchBytes(row.request()) + row.output().bytes(), turn);
            return Optional.empty();
        } catch (IllegalArgumentException e) { // an engine's word for what is wrong with one row
            return Optional.of(new Refused(
                    ServerErrors.rejection(row.output().rowId(), e),
                    Optional.of(row.request().decodeTime())));
        }
    }

    private Encoded encoded(PreparedRow row) {
        long start = System.nanoTime();
        Outcome<ReadyRequest> ready;
        try {
            ready = preprocessor.encode(row);
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) { // one row's fault
            ready = Outcome.rejected(ServerErrors.rejection(row.rowId(), e));
        }
        return new Encoded(ready, Duration.ofNanos(System.nanoTime() - start));
    }

    private Row answer(InFlight<Submitted> ended) {
        Submitted asked = ended.row();
        journal.end(asked.output().rowId());
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
            return Outcome.rejected(
                    e.getCause() instanceof EngineException broken
                            ? ServerErrors.ofBrokenEngines(rowId, broken)
                            : ServerErrors.rejection(rowId, e.getCause()));
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

    private static long patchBytes(ReadyRequest request) {
        return request.task().prompt().vision().stream()
                .mapToLong(vision -> vision.patches().length)
                .sum();
    }
}
