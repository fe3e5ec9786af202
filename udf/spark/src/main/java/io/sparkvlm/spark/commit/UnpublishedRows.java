package io.sparkvlm.spark.commit;

import io.sparkvlm.spark.table.LookAhead;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Claims the partition for the task that writes it, and yields its rows without those that an earlier attempt has published,
 * until the job stops.
 *
 * @param run the {@link Publication}
 * @param rowId the column's index
 */
record UnpublishedRows(String run, int rowId) implements MapPartitionsFunction<Row, Row> {
    /** How soon a task notices that the job stops. */
    private static final long ASKED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Attempt attempt = Attempt.ofThisTask(run);
        RowIds published = CommitPlugin.ask(new CommitRequest.Claim(attempt)).published();
        return new Remaining(rows, attempt, published);
    }

    /** The rows of one task, on its thread. */
    private final class Remaining extends LookAhead<Row> {
        private final Iterator<Row> rows;
        private final Attempt attempt;
        private final RowIds published;
        private long askedNanos = System.nanoTime() - ASKED_EVERY_NANOS;
        private boolean stopping;

        private Remaining(Iterator<Row> rows, Attempt attempt, RowIds published) {
            this.rows = rows;
            this.attempt = attempt;
            this.published = published;
        }

        @Override
        protected Optional<Row> advance() {
            while (!isStopping() && rows.hasNext()) {
                Row row = rows.next();
                if (!published.contains(row.getString(rowId))) {
                    return Optional.of(row);
                }
            }
            return Optional.empty();
        }

        private boolean isStopping() {
            long now = System.nanoTime();
            if (!stopping && now - askedNanos >= ASKED_EVERY_NANOS) {
                askedNanos = now;
                CommitReply reply = CommitPlugin.ask(new CommitRequest.GoOn(attempt));
                stopping = reply instanceof CommitReply.Stopping;
                if (!stopping) {
                    reply.published(); // ends an attempt that another has taken over
                }
            }
            return stopping;
        }
    }
}
