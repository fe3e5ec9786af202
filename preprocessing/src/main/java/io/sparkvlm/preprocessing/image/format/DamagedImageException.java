package io.sparkvlm.preprocessing.image.format;

/**
 * Says that a file is not what its format's specification says. It never leaves the image packages, whose entrances
 * turn it into a rejection. Its message says what was expected, what was found and where.
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
