package io.sparkvlm.job.run;

import io.sparkvlm.job.input.DamagedInput;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Watches for tasks that fail. At one that a damaged file of the input made fail, the job is ended: Spark would try it
 * three times more, and what it has answered of it anew. Of the others it says a line each, as Spark starts them again.
 *
 * <p>Thread-safe: Spark's listener bus writes, the job's thread reads.
 */
public final class TaskFailures extends SparkListener {
    /** What is not said of more tasks than these is nothing new. */
    private static final int MOST_LINES = 10;

    private static final int LONGEST_LINE = 300;

    private final SparkContext context;
    private final PrintWriter out;
    private int lines;
    private Optional<String> damagedInput = Optional.empty();

    private TaskFailures(SparkContext context, PrintWriter out) {
        this.context = context;
        this.out = out;
    }

    /** Work whose tasks are watched. */
    @FunctionalInterface
    public interface Work<S> {
        S run() throws JobRefusedException, JobStoppedException, InterruptedException, IOException;
    }

    /**
     * Runs a job, and watches its session until it is closed.
     *
     * @throws JobRefusedException naming the file of the input that is damaged, where one made the job fail
     */
    public static <S> S watch(SparkContext context, PrintWriter out, Work<S> work)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        TaskFailures failures = new TaskFailures(context, out);
        context.addSparkListener(failures);
        try {
            return work.run();
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            Optional<String> damage = failures.damagedInput().or(() -> DamagedInput.of(e));
            if (damage.isPresent()) {
                throw new JobRefusedException(damage.get(), e);
            }
            throw e;
        }
    }

    private synchronized Optional<String> damagedInput() {
        return damagedInput;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!(end.reason() instanceof ExceptionFailure failure) || damagedInput.isPresent()) {
            return;
        }
        damagedInput = failure.exception().isDefined()
                ? DamagedInput.of(failure.exception().get())
                : Optional.empty();
        if (damagedInput.isPresent()) {
            context.cancelAllJobs();
        } else if (lines++ < MOST_LINES) {
            String cause = failure.exception().isDefined()
                    ? RootCause.of(failure.exception().get())
                    : failure.className() + ": " + failure.description();
            out.println("sparkvlm: a task failed: "
                    + StringUtils.abbreviate(cause.lines().findFirst().orElse(""), LONGEST_LINE));
        }
    }
}
