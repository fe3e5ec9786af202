package io.sparkvlm.engine.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.InferenceMode;

/** A thread for each rank, that computes the rank's part of a step. For the engine's thread, which waits for them. */
final class RankThreads implements AutoCloseable {
    private final RankMeeting meeting;
    private final List<ExecutorService> threads;

    RankThreads(RankMeeting meeting, int ranks) {
        this(meeting, IntStream.range(0, ranks).mapToObj(RankThreads::thread).toList());
    }

    /** @param threads one for each rank */
    RankThreads(RankMeeting meeting, List<ExecutorService> threads) {
        this.meeting = meeting;
        this.threads = threads;
    }

    private static ExecutorService thread(int rank) {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "sparkvlm-rank-" + rank);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs the work of all ranks at once, and returns when all have ended: a rank that fails ends the waiting of the others. The
     * caller's interruption waits for the end, too, and is kept.
     *
     * @throws RuntimeException what the first rank that failed threw
     */
    void run(IntConsumer work) {
        meeting.begin();
        List<Future<?>> futures = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        try {
            for (int rank = 0; rank < threads.size(); rank++) {
                int own = rank;
                futures.add(threads.get(rank).submit(() -> runRank(work, own)));
            }
        } catch (RuntimeException | Error e) { // the machine has no thread for it
            failures.add(e);
            meeting.fail();
        }
        futures.forEach(future -> failureOf(future, failures));
        failures.stream()
                .min(Comparator.comparing(
                        RankMeeting.MissingRankException.class::isInstance)) // that follow from others
                .ifPresent(RankThreads::rethrow);
    }

    private void runRank(IntConsumer work, int rank) {
        boolean ended = false;
        try (InferenceMode inference = new InferenceMode(true)) { // which is a thread's
            work.accept(rank);
            ended = true;
        } finally {
            if (!ended) {
                meeting.fail();
            }
        }
    }

    private static void failureOf(Future<?> future, List<Throwable> failures) {
        boolean interrupted = false;
        while (true) { // a rank's thread may use what the caller would free
            try {
                future.get();
                break;
            } catch (ExecutionException e) {
                failures.add(e.getCause());
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure; // work throws nothing else
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
