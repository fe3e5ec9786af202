package io.sparkvlm.job.text;

import org.apache.commons.lang3.exception.ExceptionUtils;

/** Says in one line what went wrong at the bottom of a chain of exceptions. */
public final class RootCause {
    private RootCause() {}

    public static String of(Throwable exception) {
        Throwable root = ExceptionUtils.getRootCause(exception);
        String message = root.getMessage() == null
                ? ""
                : root.getMessage().lines().findFirst().orElse("");
        return message.isBlank() ? root.getClass().getSimpleName() : message;
    }
}
