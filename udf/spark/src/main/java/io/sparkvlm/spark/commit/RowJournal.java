package io.sparkvlm.spark.commit;

import io.sparkvlm.spark.commit.CommitRequest.Begin;
import io.sparkvlm.spark.commit.CommitRequest.Ended;
import io.sparkvlm.spark.commit.CommitRequest.Leave;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.TaskContext;

/**
 * Tells the driver which rows a task computes, so that it knows them should the process die. Where a table is not published
 * while it is written, nothing is told. Belongs to the task's thread.
 */
public final class RowJournal {
    /** One for the process: a message is on its way while the task decodes the row. */
    private static final ExecutorService SENDER = Executors.newSingleThreadExecutor(messages -> {
        Thread thread = new Thread(messages, "sparkvlm-journal");
        thread.setDaemon(true);
        return thread;
    });

    private final Optional<Attempt> attempt;
    private List<String> ended = new ArrayList<>();

    private RowJournal(Optional<Attempt> attempt) {
        this.attempt = attempt;
    }

    /** Whether a row may be computed. */
    public enum Admission {
        ADMITTED,
        /** It has brought its process down before, with no other row beside it. */
        CRASHED
    }

    /** An admission that is on its way. */
    @FunctionalInterface
    public interface Admitting {
        /** Waits for it; no native code may see the row before. */
        Admission await();
    }

    public static RowJournal ofThisTask() {
        return new RowJournal(Optional.ofNullable(TaskContext.get().getLocalProperty(PublishingWriter.RUN))
                .map(Attempt::ofThisTask));
    }

    /** Tells that the row is about to be computed. */
    public Admitting begin(String rowId) {
        if (attempt.isEmpty()) {
            return () -> Admission.ADMITTED;
        }
        CompletableFuture<CommitReply> reply = send(new Begin(attempt.get(), rowId, takeEnded()));
        return () -> admission(joined(reply));
    }

    private static CommitReply joined(CompletableFuture<CommitReply> reply) {
        try {
            return reply.join();
        } catch (CompletionException e) {
            throw new DriverLostException(e.getCause());
        }
    }

    private static Admission admission(CommitReply reply) {
        if (reply instanceof CommitReply.Crashed) {
            return Admission.CRASHED;
        }
        reply.published(); // ends an attempt that another has taken over
        return Admission.ADMITTED;
    }

    /** Notes that the row is not computed any more; {@link #flush} or the next row's beginning tells it. */
    public void end(String rowId) {
        if (attempt.isPresent()) {
            ended.add(rowId);
        }
    }

    /** Tells what was noted, before the task waits. */
    public void flush() {
        if (!ended.isEmpty()) {
            CompletableFuture<CommitReply> unused = send(new Ended(attempt.get(), takeEnded()));
        }
    }

    /** Tells that the attempt computes no row any more. */
    public void leave() {
        attempt.ifPresent(mine -> joined(send(new Leave(mine))));
    }

    private List<String> takeEnded() {
        List<String> taken = ended;
        ended = new ArrayList<>();
        return taken;
    }

    private static CompletableFuture<CommitReply> send(CommitRequest request) {
        return CompletableFuture.supplyAsync(() -> CommitPlugin.ask(request), SENDER);
    }
}
