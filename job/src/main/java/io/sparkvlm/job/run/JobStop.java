package io.sparkvlm.job.run;

import io.sparkvlm.spark.commit.PublishingWriter;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Lets a job end before its time: at once while its rows are prepared, of which there is nothing to publish, and with the
 * rows that were begun while they are answered. Thread-safe.
 */
final class JobStop {
    private final SparkContext context;
    private final PublishingWriter writer;
    private boolean answering;

    JobStop(SparkContext context, PublishingWriter writer) {
        this.context = context;
        this.writer = writer;
    }

    /** Describes the rows that are written; may prepare others before it returns. */
    @FunctionalInterface
    interface Answers {
        Dataset<Row> describe() throws IOException;
    }

    synchronized void stop() {
        writer.stop();
        if (!answering) {
            context.cancelAllJobs();
        }
    }

    /** @param options of the table's files */
    void write(Answers answers, Map<String, String> options) throws IOException, InterruptedException {
        synchronized (this) {
            answering = false;
        }
        Dataset<Row> rows;
        try {
            rows = answers.describe();
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            if (writer.isStopping()) {
                return;
            }
            throw e;
        }
        synchronized (this) {
            answering = true;
        }
        writer.write(rows, options);
    }
}
