package io.sparkvlm.job.options;

import io.sparkvlm.job.text.JobRefusedException;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * A session that a command works in. Who opened it closes it: a notebook's or a program's runs on.
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

    /** The session that runs in this process, else a new one. */
    public static OpenedSpark of(Opening opening) throws JobRefusedException {
        Option<SparkSession> running = SparkSession.getDefaultSession();
        return running.isDefined() ? new OpenedSpark(running.get(), false) : new OpenedSpark(opening.open(), true);
    }

    @Override
    public void close() {
        if (ours) {
            session.stop();
        }
    }
}
