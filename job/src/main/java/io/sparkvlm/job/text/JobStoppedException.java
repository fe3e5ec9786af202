package io.sparkvlm.job.text;

/** One line for the user about a job that was asked to stop, and did. */
public final class JobStoppedException extends Exception {
    public JobStoppedException(String message) {
        super(message);
    }
}
