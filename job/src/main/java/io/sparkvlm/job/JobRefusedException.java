package io.sparkvlm.job;

/** The job cannot start as it was asked for; the message is the one line that the user reads. */
final class JobRefusedException extends Exception {
    JobRefusedException(String message) {
        super(message);
    }

    JobRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
