package io.sparkvlm.spark;

import io.sparkvlm.api.IncurableException;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.ChatBody;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.remote.AnswerBody;
import io.sparkvlm.spark.remote.RemoteServers;
import io.sparkvlm.spark.settings.InFlightLimits;
import io.sparkvlm.spark.settings.RemoteEngine;
import io.sparkvlm.spark.table.OutputRow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Has servers answer prepared rows.
 *
 * <p>Nothing is decoded here: no row can end the process that asks for it, so that none is written into the journal.
 */
final class RemoteIterator extends AnswerIterator {
    /** How soon a waiting task notices that it was killed: Spark tells it by a flag, not by an interrupt. */
    private static final long WAIT_MILLIS = 100;

    private final RemoteServers servers;
    private final String model;
    private final InFlightLimits limits;
    private final InferenceMetrics metrics;
    private final TaskContext task = TaskContext.get();
    private final Set<Asked> running = new HashSet<>();
    private final LinkedBlockingQueue<Asked> ended = new LinkedBlockingQueue<>();
    private long bytes;

    private RemoteIterator(
            Iterator<CarryingRow> upstream,
            RemoteServers servers,
            String model,
            InFlightLimits limits,
            InferenceMetrics metrics) {
        super(upstream, "the engine's servers");
        this.servers = servers;
        this.model = model;
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Answers the rows of this task, which closes the iterator when it ends, with its share of the executor's servers. */
    static RemoteIterator inThisTask(
            Iterator<CarryingRow> upstream, RemoteEngine engine, InFlightLimits limits, InferenceMetrics metrics)
            throws Exception {
        RemoteIterator answers = new RemoteIterator(
                upstream, ExecutorResources.servers(engine.servers()), engine.model(), limits, metrics);
        // Listeners run last to first: the rows are cancelled before the servers are given back.
        TaskCompletionListener cancel = context -> answers.close();
        answers.task.addTaskCompletionListener(cancel);
        return answers;
    }

    /** A row at a server; compared by identity. */
    private static final class Asked {
        private final OutputRow output;
        private final int visionTokens;
        private final long bytes;
        private final CompletableFuture<Outcome<String>> answer;
        private final long startNanos = System.nanoTime();
        /** Set before the row is among those that have ended. */
        private Instant end;

        private Asked(OutputRow output, int visionTokens, long bytes, CompletableFuture<Outcome<String>> answer) {
            this.output = output;
            this.visionTokens = visionTokens;
            this.bytes = bytes;
            this.answer = answer;
        }
    }

    @Override
    public void close() {
        running.forEach(row -> row.answer.cancel(true));
        running.clear();
    }

    @Override
    Optional<Row> poll() {
        return Optional.ofNullable(ended.poll()).map(this::answer);
    }

    /** A row that is larger than the limit goes alone. */
    @Override
    boolean hasRoom() {
        return running.isEmpty() || (running.size() < limits.rows() && bytes < limits.bytes());
    }

    @Override
    boolean isEmpty() {
        return running.isEmpty();
    }

    @Override
    Row await() throws InterruptedException {
        while (true) {
            task.killTaskIfInterrupted();
            Asked asked = ended.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (asked != null) {
                return answer(asked);
            }
        }
    }

    @Override
    Optional<Row> ask(CarryingRow row) {
        OutputRow output =
                new OutputRow(row.row(), task.attemptNumber() + 1, ExecutorResources.executorId(), row.carried());
        return row.row()
                .answerable()
                .fold(request -> ask(request, output), rejection -> Optional.of(rejected(output, rejection)));
    }

    private Optional<Row> ask(PreparedRequest request, OutputRow output) {
        return ChatBody.write(request, model)
                .fold(
                        body -> {
                            send(new Asked(
                                    output, request.visionTokens(), body.length() + output.bytes(), servers.ask(body)));
                            return Optional.empty();
                        },
                        rejection -> Optional.of(rejected(output, rejection)));
    }

    private void send(Asked asked) {
        running.add(asked);
        bytes += asked.bytes;
        CompletableFuture<?> unused = asked.answer.whenComplete((outcome, failure) -> {
            asked.end = Instant.now();
            ended.add(asked);
        });
    }

    private Row answer(Asked asked) {
        running.remove(asked);
        bytes -= asked.bytes;
        return outcome(asked)
                .fold(
                        completion -> answered(asked, completion),
                        rejection -> rejected(asked.output, ServerErrors.ofEngine(asked.output.rowId(), rejection)));
    }

    private static Outcome<Completion> outcome(Asked asked) {
        try {
            return asked.answer
                    .join()
                    .fold(body -> AnswerBody.read(body, asked.end, asked.visionTokens), Outcome::rejected);
        } catch (CompletionException e) {
            throw e.getCause() instanceof IncurableException end ? end : e;
        }
    }

    private Row answered(Asked asked, Completion completion) {
        metrics.answered(completion);
        return asked.output.answered(completion, Duration.ofNanos(System.nanoTime() - asked.startNanos));
    }

    private Row rejected(OutputRow output, Rejection rejection) {
        metrics.rejected(rejection.code().wireName());
        return output.rejected(rejection, Optional.empty());
    }
}
