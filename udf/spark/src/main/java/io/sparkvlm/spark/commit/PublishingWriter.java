package io.sparkvlm.spark.commit;

import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SaveMode;

/** Writes rows to a table that readers see growing, a file of some hundred rows after the other, each row once. */
public final class PublishingWriter implements AutoCloseable {
    private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
    /** A local property of Spark's, which the tasks of {@link #write} know the publication by. */
    static final String RUN = "sparkvlm.publication";

    private static final String ROWS_PER_FILE = "spark.sql.files.maxRecordsPerFile";

    /** What a task loses at most when its driver is killed, beside the rows in its engine. */
    private static final long DEFAULT_ROWS_PER_FILE = 256;

    private final Path table;
    private final Publication publication;

    /**
     * Opens the table.
     *
     * @param work a folder for files that are not published
     * @param published the rows that the table holds
     * @param ownership asked before each file is published
     * @param crashes where this process computes the rows itself, a file of a local disk for what it would have died of
     */
    public PublishingWriter(
            Path table,
            Path work,
            RowIds published,
            Ownership ownership,
            Optional<java.nio.file.Path> crashes,
            Configuration hadoop)
            throws IOException {
        this.table = table;
        this.publication = Publication.open(
                table,
                published,
                PublishedFiles.into(table, work, ownership, hadoop),
                crashes.isPresent()
                        ? CrashedRows.ofThisProcess(new CrashFile(crashes.get()))
                        : CrashedRows.ofExecutors());
    }

    /**
     * The rows without those that an earlier attempt of the task that writes them has published. No exchange may stand
     * between them and {@link #write}.
     */
    public Dataset<Row> unpublished(Dataset<Row> rows) {
        return rows.mapPartitions(
                        new UnpublishedRows(publication.id(), rows.schema().fieldIndex(Columns.ROW_ID)),
                        Encoders.row(rows.schema()))
                .to(rows.schema()); // an encoder forgets what is said of a field, as the name that it had in the input
    }

    /**
     * Writes the rows, without those whose process died while it computed them; what is published when it breaks off stays.
     *
     * @param rows made of those that {@link #unpublished} has returned
     * @param options of Parquet files
     */
    public void write(Dataset<Row> rows, Map<String, String> options) throws IOException, InterruptedException {
        publication.compute(Deaths.Kind.AMONG_OTHERS);
        long rowsPerFile = Long.parseLong(rows.sparkSession().conf().get(ROWS_PER_FILE, "0"));
        write(rows, options, rowsPerFile > 0 ? rowsPerFile : DEFAULT_ROWS_PER_FILE);
    }

    /**
     * Writes what {@link #write} has left out, a row to a file, so that no row is lost with the next.
     *
     * @param rows made of those that {@link #unpublished} has returned; tasks compute each without others in their process
     * @param options of Parquet files
     */
    public void writeAlone(Dataset<Row> rows, Map<String, String> options) throws IOException, InterruptedException {
        publication.compute(Deaths.Kind.ALONE);
        write(rows, options, 1);
    }

    private void write(Dataset<Row> rows, Map<String, String> options, long rowsPerFile)
            throws IOException, InterruptedException {
        RuntimeConfig conf = rows.sparkSession().conf();
        SparkContext context = rows.sparkSession().sparkContext();
        conf.set(PROTOCOL, RowCommitProtocol.class.getName());
        context.setLocalProperty(RUN, publication.id());
        try {
            rows.write()
                    .mode(SaveMode.Append)
                    .options(options)
                    .option("maxRecordsPerFile", rowsPerFile)
                    .parquet(table.toString());
        } finally {
            conf.unset(PROTOCOL);
            context.setLocalProperty(RUN, null);
        }
        publication.await();
    }

    /** Lets {@link #write} return soon, with the rows that were begun: no task begins another. */
    public void stop() {
        publication.stop();
    }

    /** Whether {@link #stop} was called. */
    public boolean isStopping() {
        return publication.isStopping();
    }

    /** The rows that the table holds once {@link #write} has returned. */
    public RowIds published() {
        return publication.published();
    }

    /** How many rows the table holds once {@link #write} has returned. */
    public long rows() {
        return publication.rows();
    }

    /** Publishes what was taken of tasks, takes nothing more, and deletes what is not published. */
    @Override
    public void close() throws IOException {
        publication.close();
    }
}
