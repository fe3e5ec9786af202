package io.sparkvlm.job.run;

import io.sparkvlm.spark.InferenceMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Adds up what the tasks of a job have done so far, from the executors' heartbeats while tasks run and from their
 * ends. Keeps a tally for each running task and one for all that have ended, so its size does not grow with the
 * rows.
 *
 * <p>Thread-safe: Spark's listener bus writes, the display reads.
 */
final class ProgressListener extends SparkListener {
    private final Map<Long, Tally> running = new HashMap<>();
    private Tally ended = Tally.ZERO;

    /**
     * What has come out.
     *
     * @param exchanged rows that a stage of their own has prepared
     * @param rows that were answered
     * @param copied rows that got the answers of others
     * @param errors of the rows and copies, by their codes
     */
    record Tally(long exchanged, long rows, long copied, Map<String, Long> errors, long completionTokens) {
        static final Tally ZERO = new Tally(0, 0, 0, Map.of(), 0);

        long errorRows() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }

        Tally plus(Tally other) {
            return new Tally(
                    exchanged + other.exchanged,
                    rows + other.rows,
                    copied + other.copied,
                    sum(errors, other.errors),
                    completionTokens + other.completionTokens);
        }

        private static Map<String, Long> sum(Map<String, Long> some, Map<String, Long> others) {
            Map<String, Long> sum = new TreeMap<>(some);
            others.forEach((code, count) -> sum.merge(code, count, Long::sum));
            return sum;
        }

        /** Rows that are done. */
        long done() {
            return rows + copied;
        }

        /** Whether the rows are still being prepared, of which none has come out. */
        boolean isPreparing() {
            return done() == 0 && exchanged > 0;
        }
    }

    synchronized Tally tally() {
        return running.values().stream().reduce(ended, Tally::plus);
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        CollectionConverters.asJava(update.accumUpdates())
                .forEach(task -> running.put((Long) task._1(), tally(task._4())));
    }

    /** A task that failed takes its rows back: it is run again. */
    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        running.remove(end.taskInfo().taskId());
        if (end.taskInfo().successful()) {
            ended = ended.plus(tally(end.taskInfo().accumulables().toSeq()));
        }
    }

    private static Tally tally(Seq<AccumulableInfo> accumulators) {
        Map<String, Long> values = new HashMap<>();
        Map<String, Long> errors = new TreeMap<>();
        for (AccumulableInfo accumulator : CollectionConverters.asJava(accumulators)) {
            if (accumulator.name().isDefined()
                    && accumulator.update().isDefined()
                    && accumulator.update().get() instanceof Long value) {
                values.put(accumulator.name().get(), value);
            }
            if (accumulator.name().contains(InferenceMetrics.ERROR_CODES)
                    && accumulator.update().isDefined()
                    && accumulator.update().get() instanceof Map<?, ?> counts) {
                counts.forEach((code, count) -> errors.merge((String) code, (Long) count, Long::sum));
            }
        }
        return new Tally(
                values.getOrDefault(InferenceMetrics.EXCHANGED, 0L),
                values.getOrDefault(InferenceMetrics.ROWS, 0L),
                values.getOrDefault(InferenceMetrics.COPIED, 0L),
                errors,
                values.getOrDefault(InferenceMetrics.COMPLETION_TOKENS, 0L));
    }
}
