package io.sparkvlm.preprocessing.decode;

/**
 * Says that a child ended, or had to be ended, before it answered. It never leaves this package, where it becomes a
 * rejection.
 */
final class DecoderDiedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Cause how;

    DecoderDiedException(Cause how, String message, Throwable cause) {
        super(message, cause);
        this.how = how;
    }

    Cause how() {
        return how;
    }

    /** The causes that a row's error can name. */
    enum Cause {
        CRASHED,
        OUT_OF_MEMORY,
        /** The memory that it would share with the executor is full. */
        NO_SPACE,
        TIMED_OUT
    }
}
