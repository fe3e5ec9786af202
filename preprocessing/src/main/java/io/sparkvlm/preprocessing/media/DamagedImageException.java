package io.sparkvlm.preprocessing.media;

/**
 * A file is not what its type's specification says; never leaves this package, where it becomes a rejection. Its message
 * says what was expected, what was found and where.
 */
final class DamagedImageException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedImageException(String message) {
        super(message);
    }

    DamagedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
