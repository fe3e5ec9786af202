package io.sparkvlm.spark.commit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.Path;

/**
 * Decides on the driver which files of which task attempts belong to a table, and publishes them while the tasks run.
 *
 * <p>An attempt claims its partition before it reads a row, and learns which of the rows are published. From then on no
 * file of an earlier attempt is taken, however late it comes, so that what the new attempt leaves out and what it answers
 * stay apart. A file that holds a published row is taken of no attempt.
 *
 * <p>Thread-safe. Decisions take no input and output; files get their names on threads of their own.
 */
final class Publication implements AutoCloseable {
    /** By their ids: static, because Spark makes the plugin that tasks ask, and there is one driver in a process. */
    private static final Map<String, Publication> OPEN = new ConcurrentHashMap<>();

    private static final int RENAMES_AT_ONCE = 4;

    private final String id = UUID.randomUUID().toString();
    private final Path table;
    private final RowIds published;
    private final PublishedFiles files;
    private final CrashedRows crashed;
    private final Map<Integer, Owner> owners = new HashMap<>();
    private final List<Future<?>> renames = new ArrayList<>();
    private boolean stopping;
    private final ExecutorService renamer = Executors.newFixedThreadPool(RENAMES_AT_ONCE, Publication::daemon);

    private Publication(Path table, RowIds published, PublishedFiles files, CrashedRows crashed) {
        this.table = table;
        this.published = published;
        this.files = files;
        this.crashed = crashed;
    }

    /** The latest attempt of a partition, and what this start has published of it. */
    private static final class Owner {
        private long attempt;
        private final RowIds rows = new RowIds();
    }

    static Publication open(Path table, RowIds published, PublishedFiles files, CrashedRows crashed) {
        Publication publication = new Publication(table, RowIds.union(published, new RowIds()), files, crashed);
        OPEN.put(publication.id, publication);
        return publication;
    }

    static Optional<Publication> of(String id) {
        return Optional.ofNullable(OPEN.get(id));
    }

    static Optional<Publication> into(Path table) {
        return OPEN.values().stream()
                .filter(publication -> publication.table.equals(table))
                .findFirst();
    }

    String id() {
        return id;
    }

    Path work() {
        return files.work();
    }

    synchronized CommitReply claim(Attempt attempt) {
        Owner owner = owners.computeIfAbsent(attempt.partition(), partition -> new Owner());
        if (owner.attempt > attempt.id()) {
            return new CommitReply.Superseded();
        }
        if (owner.attempt < attempt.id()) {
            crashed.died(owner.attempt);
            owner.attempt = attempt.id();
        }
        return new CommitReply.Granted(RowIds.union(owner.rows, crashed.setApart()));
    }

    synchronized CommitReply begin(Attempt attempt, String rowId, List<String> ended) {
        crashed.end(attempt.id(), ended);
        if (isSuperseded(attempt)) {
            return new CommitReply.Superseded();
        }
        return crashed.begin(attempt.id(), rowId) ? new CommitReply.Granted(new RowIds()) : new CommitReply.Crashed();
    }

    synchronized CommitReply ended(Attempt attempt, List<String> rowIds) {
        crashed.end(attempt.id(), rowIds);
        return new CommitReply.Granted(new RowIds());
    }

    synchronized CommitReply leave(Attempt attempt) {
        crashed.leave(attempt.id());
        return new CommitReply.Granted(new RowIds());
    }

    private boolean isSuperseded(Attempt attempt) {
        return owners.containsKey(attempt.partition()) && owners.get(attempt.partition()).attempt > attempt.id();
    }

    /** How tasks compute rows from now on. */
    synchronized void compute(Deaths.Kind kind) {
        crashed.compute(kind);
    }

    synchronized RowIds published() {
        return RowIds.union(published, new RowIds());
    }

    synchronized CommitReply goOn(Attempt attempt) {
        if (claim(attempt) instanceof CommitReply.Superseded superseded) {
            return superseded;
        }
        return stopping ? new CommitReply.Stopping() : new CommitReply.Granted(new RowIds());
    }

    /** Lets tasks end with the rows that they have begun. */
    synchronized void stop() {
        stopping = true;
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    synchronized long rows() {
        return published.size();
    }

    synchronized CommitReply offer(Attempt attempt, String file, RowIds rows) {
        CommitReply claimed = claim(attempt);
        if (claimed instanceof CommitReply.Superseded) {
            return claimed;
        }
        if (rows.intersects(published)) {
            return new CommitReply.Repeated();
        }
        if (rows.isEmpty() && !published.isEmpty()) {
            return claimed; // a table has a file without rows only where it has no other
        }
        published.addAll(rows);
        owners.get(attempt.partition()).rows.addAll(rows);
        renames.add(renamer.submit(() -> {
            files.publish(file);
            return file;
        }));
        return claimed;
    }

    /**
     * Waits until all files that were taken have their names.
     *
     * @throws IOException where one could not get it
     */
    void await() throws IOException, InterruptedException {
        List<Future<?>> taken;
        synchronized (this) {
            taken = List.copyOf(renames);
        }
        for (Future<?> rename : taken) {
            try {
                rename.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause().getMessage(), e.getCause());
            }
        }
    }

    private static Thread daemon(Runnable renames) {
        Thread thread = new Thread(renames, "sparkvlm-publish");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        OPEN.remove(id);
        renamer.shutdown();
        try {
            await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            renamer.shutdownNow();
            crashed.close();
            files.discard();
        }
    }
}
