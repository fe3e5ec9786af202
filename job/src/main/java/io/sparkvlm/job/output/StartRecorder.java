package io.sparkvlm.job.output;

import io.sparkvlm.job.output.StartLog.Start;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records a start of a job beside its output: when it began, what executors it had, and how it ended. Where that cannot
 * be written, the job goes on.
 *
 * <p>Thread-safe: Spark's listener bus counts executors, the job's thread the rest.
 */
public final class StartRecorder extends SparkListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartRecorder.class);

    private final SparkContext context;
    private final OutputFolder output;
    private final String started = Instant.now().toString();
    private LongSupplier rows = () -> 0;
    private String outcome = "failed";
    private int executors;
    private int most;
    private int lost;

    private StartRecorder(SparkContext context, OutputFolder output) {
        this.context = context;
        this.output = output;
    }

    /** Records that a job starts to write; what ends without another word has failed. */
    public static StartRecorder begin(SparkContext context, OutputFolder output) {
        StartRecorder recorder = new StartRecorder(context, output);
        context.addSparkListener(recorder);
        // A driver that runs no tasks is among them.
        recorder.seen(context.isLocal() ? 1 : context.getExecutorMemoryStatus().size() - 1);
        recorder.write("", "");
        return recorder;
    }

    /** Takes the number of rows that this start has written when it ends. */
    public void counts(LongSupplier written) {
        rows = written;
    }

    /** Says that the output is what was asked for. */
    public void finished() {
        outcome = "finished";
    }

    public void stopped() {
        outcome = "stopped";
    }

    private synchronized void seen(int now) {
        executors = now;
        most = Math.max(most, now);
    }

    @Override
    public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
        seen(executors + 1);
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        executors--;
        lost++;
    }

    private synchronized void write(String ended, String how) {
        try {
            Start start = new Start(
                    started,
                    Version.text(),
                    context.applicationId(),
                    ended,
                    how,
                    ended.isEmpty() ? 0 : rows.getAsLong(),
                    most,
                    lost);
            StartLog.read(output.home(), context.hadoopConfiguration())
                    .with(start)
                    .write(output.home(), context.hadoopConfiguration());
        } catch (IOException e) {
            LOG.warn("The start of the job could not be recorded beside its output: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
        write(Instant.now().toString(), outcome);
    }
}
