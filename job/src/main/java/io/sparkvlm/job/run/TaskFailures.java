package io.sparkvlm.job.run;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.JobStoppedException;
import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Watches for tasks that fail of one job, and not of others in its session. It ends the job at a task that would fail on every
 * executor: Spark would try it many times more, and each attempt would answer rows again. It tells of the other ones in a line
 * each, as Spark starts them again.
 *
 * <p>Thread-safe: Spark's listener bus writes, the job's thread reads.
 */
public final class TaskFailures extends SparkListener {
    /** Failures that are told; those of more tasks say nothing new. */
    private static final int MOST_LINES = 10;

    private static final int LONGEST_LINE = 300;

    /** Where Spark keeps the tags of a thread, a comma between them. */
    private static final String TAGS = "spark.job.tags";

    private final SparkContext context;
    private final PrintWriter out;
    private final String tag = "sparkvlm-" + UUID.randomUUID();
    private final Set<Integer> stages = new HashSet<>();
    private int lines;
    private Optional<JobEnd> end = Optional.empty();

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
     * Runs a job, whose Spark jobs this thread starts, and watches its session until it is closed.
     *
     * @throws JobRefusedException naming what has to be put right, where it made the job fail
     * @throws JobStoppedException where the disk has to be
     */
    public static <S> S watch(SparkContext context, PrintWriter out, Work<S> work)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        TaskFailures failures = new TaskFailures(context, out);
        context.addSparkListener(failures);
        return failures.watched(work);
    }

    /** The same in a session that has other jobs afterwards, whose tasks are not watched. */
    public static <S> S watchMeanwhile(SparkContext context, PrintWriter out, Work<S> work)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        TaskFailures failures = new TaskFailures(context, out);
        context.addSparkListener(failures);
        try {
            return failures.watched(work);
        } finally {
            context.removeSparkListener(failures);
        }
    }

    private <S> S watched(Work<S> work)
            throws JobRefusedException, JobStoppedException, InterruptedException, IOException {
        context.addJobTag(tag);
        try {
            return work.run();
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            Optional<JobEnd> found = end().or(() -> JobEnd.of(e));
            if (found.isPresent()) {
                found.get().raise(e);
            }
            throw e;
        } finally {
            context.removeJobTag(tag);
        }
    }

    private synchronized Optional<JobEnd> end() {
        return end;
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart jobStart) {
        Properties properties = jobStart.properties();
        if (properties != null && properties.getProperty(TAGS, "").contains(tag)) {
            jobStart.stageInfos().foreach(stage -> stages.add(stage.stageId()));
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd taskEnd) {
        if (!stages.contains(taskEnd.stageId())
                || !(taskEnd.reason() instanceof ExceptionFailure failure)
                || end.isPresent()) {
            return;
        }
        end = failure.exception().isDefined()
                ? JobEnd.of(failure.exception().get())
                        .map(it -> it.on(taskEnd.taskInfo().host()))
                : Optional.empty();
        if (end.isPresent()) {
            context.cancelJobsWithTag(tag);
        } else if (lines++ < MOST_LINES) {
            String cause = failure.exception().isDefined()
                    ? RootCause.of(failure.exception().get())
                    : failure.className() + ": " + failure.description();
            out.println("sparkvlm: a task failed: "
                    + StringUtils.abbreviate(cause.lines().findFirst().orElse(""), LONGEST_LINE));
        }
    }
}
