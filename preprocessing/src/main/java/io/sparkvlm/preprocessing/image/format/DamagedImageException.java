package io.sparkvlm.preprocessing.image.format;

/**
 * A file is not what its type's specification says; never leaves this package, where it becomes a rejection. Its message
 * says what was expected, what was found and where.
 */
public final class DamagedImageException extends Exception {
    private static final long serialVersionUID = 1L;

    public DamagedImageException(String message) {
        super(message);
    }

    public DamagedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
