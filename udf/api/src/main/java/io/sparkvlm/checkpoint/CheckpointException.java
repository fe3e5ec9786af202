package io.sparkvlm.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint folder is not what it should be; the message names the file, and the tensor or field if there is one. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(Path file, String message) {
        super(file + ": " + message);
    }

    public CheckpointException(Path file, String message, Throwable cause) {
        super(file + ": " + message, cause);
    }
}
