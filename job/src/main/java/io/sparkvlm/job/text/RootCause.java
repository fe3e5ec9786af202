package io.sparkvlm.job.text;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** Says in one line what went wrong at the bottom of a chain of exceptions. */
public final class RootCause {
    private RootCause() {}

    public static String of(Throwable exception) {
        Throwable root = ExceptionUtils.getRootCause(exception);
        String message = root.getMessage() == null
                ? ""
                : root.getMessage()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .orElse("");
        return (message.isBlank() ? root.getClass().getSimpleName() : message) + unsaid(root);
    }

    /** Java's message is the file alone where the reason is the exception's class. */
    private static String unsaid(Throwable root) {
        if (!(root instanceof FileSystemException e) || e.getReason() != null) {
            return "";
        }
        if (e instanceof AccessDeniedException) {
            return ": permission denied";
        }
        return e instanceof NoSuchFileException ? ": no such file or folder" : "";
    }
}
