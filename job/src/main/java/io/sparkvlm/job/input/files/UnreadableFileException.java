package io.sparkvlm.job.input.files;

import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** A file of the input ends or breaks where more was expected; the message names it. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    UnreadableFileException(Path file, Throwable cause) {
        super(file + ": " + RootCause.of(cause), cause);
        this.file = file.toString();
    }

    Path file() {
        return new Path(file);
    }
}
