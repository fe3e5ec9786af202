package io.sparkvlm.spark.commit;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileCommitProtocol;
import org.apache.spark.internal.io.FileNameSpec;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Offers each file that Spark's writer has closed to the driver's {@link Publication} of the table, with the ids of its rows
 * as they are read back from it. Spark is named the class, and makes it by the constructor's parameters.
 *
 * <p>The writer closes a file before it asks for the next one. Each task uses a copy of its own, on its thread.
 */
public final class RowCommitProtocol extends FileCommitProtocol implements Serializable {
    private final String path;
    private String run;
    private String work;
    private transient Optional<Path> written;

    public RowCommitProtocol(String jobId, String path, boolean dynamicPartitionOverwrite) {
        this.path = path;
    }

    @Override
    public void setupJob(JobContext job) {
        Publication publication = Publication.into(new Path(path))
                .orElseThrow(() -> new IllegalStateException("expected the table " + path + " to be open for files"));
        run = publication.id();
        work = publication.work().toString();
    }

    /** What tasks wrote is published already. */
    @Override
    public void commitJob(JobContext job, Seq<TaskCommitMessage> tasks) {}

    /** What is published stays. */
    @Override
    public void abortJob(JobContext job) {}

    @Override
    public void setupTask(TaskAttemptContext task) {
        written = Optional.empty();
    }

    @Override
    public String newTaskTempFile(TaskAttemptContext task, Option<String> partitionFolder, FileNameSpec spec) {
        offerWritten(task.getConfiguration());
        Attempt attempt = Attempt.ofThisTask(run);
        Path file = new Path(
                work,
                String.format(Locale.ROOT, "part-%05d-%s-%d%s", attempt.partition(), run, attempt.id(), spec.suffix()));
        written = Optional.of(file);
        return file.toString();
    }

    @Override
    public String newTaskTempFileAbsPath(TaskAttemptContext task, String folder, FileNameSpec spec) {
        throw new UnsupportedOperationException("expected files of the table's own folder, found " + folder);
    }

    @Override
    public TaskCommitMessage commitTask(TaskAttemptContext task) {
        offerWritten(task.getConfiguration());
        return new TaskCommitMessage(null);
    }

    /** What the task could not close. */
    @Override
    public void abortTask(TaskAttemptContext task) {
        written.ifPresent(file -> {
            try {
                file.getFileSystem(task.getConfiguration()).delete(file, false);
            } catch (IOException e) {
                log().debug("the driver deletes the file {} in the end", file, e);
            }
        });
    }

    private void offerWritten(Configuration hadoop) {
        if (written.isEmpty()) {
            return;
        }
        Attempt attempt = Attempt.ofThisTask(run);
        try {
            RowIds rows = RowIdColumn.ofFile(written.get(), hadoop);
            CommitPlugin.ask(new CommitRequest.Offer(attempt, written.get().getName(), rows))
                    .published();
            written = Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + written.get() + " cannot be read back", e);
        }
    }
}
