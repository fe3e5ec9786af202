package io.sparkvlm.job.run;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.spark.VlmStages;
import io.sparkvlm.spark.commit.PublishingWriter;
import io.sparkvlm.spark.commit.RowIds;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes the rows of an input into an output that is open, round by round, each with what the rounds before have left.
 *
 * @param options of the table's files
 */
record WriteRounds(
        JobInput input,
        Steps steps,
        PublishingWriter writer,
        InferenceMetrics metrics,
        JobStop stop,
        Map<String, String> options,
        PrintWriter progressTo) {
    /** Makes rows of the output from rows of the input. */
    @FunctionalInterface
    interface Step {
        Dataset<Row> rows(JobInput missing, PublishingWriter writer, InferenceMetrics metrics) throws IOException;
    }

    /**
     * How rows are made.
     *
     * @param doing what they do to rows, as "answering"
     * @param alone makes rows whose process died while it computed them, one after the other
     */
    record Steps(String doing, Step usual, Step alone) {}

    /** Writes the rows that are not there, but for some. */
    void answerAllBut(RowIds others) throws IOException, InterruptedException {
        JobInput missing = missing(others);
        if (writer.isStopping() || (missing.isEmpty() && !input.isEmpty())) { // a table without rows has a file
            return;
        }
        try (NamedJobs named = named(steps.doing() + " ", missing, "")) {
            stop.write(() -> steps.usual().rows(missing, writer, metrics), options);
        }
        JobInput left = missing(others);
        if (!left.isEmpty() && !writer.isStopping()) {
            progressTo.println(
                    left.count() == 1
                            ? "sparkvlm: a row was being computed when its process died: now it is computed alone"
                            : "sparkvlm: " + Figures.count(left.count())
                                    + " rows were being computed when their process died: now each is computed alone");
            try (NamedJobs named = named(steps.doing() + " ", left, ", each alone")) {
                writer.writeAlone(steps.alone().rows(left, writer, metrics), options);
            }
        }
    }

    /** Writes the rows that are not there and ask what another has asked, where that one's answer is. */
    void copy(EqualRequests equal, OutputFolder output) throws IOException, InterruptedException {
        JobInput missing = missing(new RowIds());
        if (!writer.isStopping() && !missing.isEmpty()) {
            Dataset<Row> written = output.read(missing.table().sparkSession());
            try (NamedJobs named = named("copying the answers of ", missing, "")) {
                stop.write(
                        () -> VlmStages.copied(writer.unpublished(equal.rows(missing.table(), written)), metrics),
                        options);
            }
        }
    }

    private static NamedJobs named(String before, JobInput rows, String behind) {
        return NamedJobs.of(
                rows.table().sparkSession().sparkContext(), before + Figures.count(rows.count(), "row") + behind);
    }

    private JobInput missing(RowIds others) {
        return input.without(RowIds.union(others, writer.published()));
    }
}
