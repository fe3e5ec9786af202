package io.sparkvlm.job.text;

/** Says in one line for the user why a job cannot start as it was asked for. */
public final class JobRefusedException extends Exception {
    public JobRefusedException(String message) {
        super(message);
    }

    public JobRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
