package io.sparkvlm.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint folder is not what it should be; the message names the file, and the tensor or field if there is one. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    /** More of what a file holds says nothing. */
    private static final int MOST_CHARACTERS = 500;

    public CheckpointException(Path file, String message) {
        super(file + ": " + line(message));
    }

    public CheckpointException(Path file, String message, Throwable cause) {
        super(file + ": " + line(message), cause);
    }

    /** One line, although names from a file may hold anything. */
    private static String line(String message) {
        String line = message.replaceAll("\\p{Cntrl}", " ");
        return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "…" : line;
    }
}
