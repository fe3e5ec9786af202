package io.sparkvlm.api;

/** A fault that another attempt, another engine or another machine brings again: the job has to end, in this one line. */
public final class IncurableException extends RuntimeException {
    public IncurableException(String message) {
        super(message);
    }

    public IncurableException(String message, Throwable cause) {
        super(message, cause);
    }
}
