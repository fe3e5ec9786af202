package io.sparkvlm.job.output;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Judges whether a job may begin an output, go on with it, or has nothing left to do.
 *
 * @param asked the job's record, before its input was opened
 */
public record OutputStart(OutputFolder output, RunRecord asked, Existing existing) {
    /** So many differences in one line; more tell no more. */
    private static final int MOST_DIFFERENCES = 5;

    /** What becomes of the rows that a job finds in its output. */
    public enum Existing {
        /** They stay, where they are answers to what this job is asked. */
        KEPT,
        /** They stay, but for those with errors that may pass, which are answered again. */
        RETRIED,
        /** They are deleted, where a job of this project wrote them. */
        OVERWRITTEN
    }

    /**
     * What the job that finished the output said in the end; empty where there is something to do.
     *
     * @throws JobRefusedException where the output holds anything but rows of the same job
     */
    public Optional<String> finished(Configuration hadoop) throws JobRefusedException, IOException {
        if (existing == Existing.RETRIED && output.format() != OutputFormat.PARQUET) {
            throw new JobRefusedException("expected a Parquet table as the output of --retry-failed, found "
                    + output.name() + ": files of --output-format openai-batch are not changed once they are written");
        }
        OutputState state = output.state(hadoop);
        switch (state) {
            case NEW -> {}
            case RESUMABLE, FINISHED -> requireSame(hadoop);
            case HALF_COMMITTED ->
                throw new JobRefusedException("the output " + output.name()
                        + " was left by a job that was killed while it committed, and nothing says which of its rows are missing:"
                        + " remove it, or choose another");
            case FOREIGN ->
                throw new JobRefusedException("the output " + output.name()
                        + " is there already and not empty: choose another, or remove it");
        }
        FileSystem system = output.path().getFileSystem(hadoop);
        return state == OutputState.FINISHED && existing != Existing.OVERWRITTEN
                ? HiddenFile.read(system, new Path(output.home(), OutputState.SUCCESS))
                        .filter(text -> text.endsWith("\n")) // a store that copies may have been stopped in the middle
                : Optional.empty();
    }

    /** Keeps other jobs out until the lock is closed, and deletes what is not to be kept. */
    public OutputLock lock(Configuration hadoop) throws JobRefusedException, IOException, InterruptedException {
        OutputLock lock = output.lock(hadoop);
        try {
            finished(hadoop); // by now the job that had it may have ended
            new FailedRows(output, hadoop).complete(lock);
            if (existing == Existing.OVERWRITTEN) {
                StartLog.delete(output.home(), hadoop); // otherwise kept, of starts too that wrote no row
            }
            if (beginsAnew(hadoop)) {
                output.clear(hadoop);
            }
            output.discardUnpublished(hadoop);
            return lock;
        } catch (JobRefusedException | IOException | InterruptedException e) {
            lock.close();
            throw e;
        }
    }

    private boolean beginsAnew(Configuration hadoop) throws JobRefusedException {
        return existing == Existing.OVERWRITTEN || output.state(hadoop) == OutputState.NEW;
    }

    /** The record of the earlier starts whose rows are kept; empty where there are none. */
    public Optional<RunRecord> kept(Configuration hadoop) throws JobRefusedException, IOException {
        return beginsAnew(hadoop) ? Optional.empty() : RunRecord.read(output.home(), hadoop);
    }

    /** Takes the rows out of the output that are to be answered again, if any are. */
    public void takeOutFailed(SparkSession spark, OutputLock lock) throws IOException, InterruptedException {
        if (existing == Existing.RETRIED) {
            new FailedRows(output, spark.sparkContext().hadoopConfiguration()).takeOut(spark, lock);
        }
    }

    /** Whether a finished output holds rows that are to be answered again. */
    public boolean takesOut(Set<String> errors) {
        return existing == Existing.RETRIED && !Collections.disjoint(errors, FailedRows.codes());
    }

    private void requireSame(Configuration hadoop) throws JobRefusedException, IOException {
        if (existing == Existing.OVERWRITTEN) {
            return;
        }
        List<String> differences = RunRecord.read(output.home(), hadoop)
                .map(began -> RunDifferences.between(began, asked))
                .orElse(List.of("its " + RunRecord.FILE_NAME + " cannot be read"));
        if (!differences.isEmpty()) {
            int more = differences.size() - MOST_DIFFERENCES;
            throw new JobRefusedException(
                    "the output " + output.name() + " was begun by a job that was asked otherwise: "
                            + String.join("; ", differences.subList(0, Math.min(differences.size(), MOST_DIFFERENCES)))
                            + (more > 0 ? "; and " + more + " more" : "")
                            + "; choose another output, or --overwrite");
        }
    }
}
