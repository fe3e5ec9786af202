package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.OptionConverters;

/**
 * A session that a command works in. Who opened it closes it: a notebook's or a program's runs on, and keeps its settings.
 *
 * @param ours whether it is closed with this
 */
public record OpenedSpark(SparkSession session, boolean ours) implements AutoCloseable {
    /** Opens a session. */
    @FunctionalInterface
    public interface Opening {
        /** A new session. */
        SparkSession open() throws JobRefusedException;
    }

    /** A copy of the session that runs in this process, else a new one. */
    public static OpenedSpark of(Opening opening) throws JobRefusedException {
        Optional<SparkSession> running = running();
        return running.isPresent()
                ? new OpenedSpark(copy(running.get()), false)
                : new OpenedSpark(opening.open(), true);
    }

    /** The session that runs in this process. */
    public static Optional<SparkSession> running() {
        return OptionConverters.toJava(SparkSession.getDefaultSession());
    }

    /** It has the views and settings of the other, which does not get those that a command sets. */
    private static SparkSession copy(SparkSession session) {
        return ((org.apache.spark.sql.classic.SparkSession) session).cloneSession();
    }

    @Override
    public void close() {
        if (ours) {
            session.stop();
        }
    }
}
