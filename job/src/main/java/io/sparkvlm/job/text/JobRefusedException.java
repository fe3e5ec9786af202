package io.sparkvlm.job.text;

/** The job cannot start as it was asked for; the message is the one line that the user reads. */
public final class JobRefusedException extends Exception {
    public JobRefusedException(String message) {
        super(message);
    }

    public JobRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
