package io.sparkvlm.api;

/** The engine, and not a row, is broken: its holder must open another. */
public final class EngineException extends RuntimeException {
    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
