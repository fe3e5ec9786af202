package io.sparkvlm.outcome;

import java.util.Locale;

/** Whose fault an error is; the wire name is the constant's in lower case. */
public enum ErrorType {
    INVALID_REQUEST_ERROR,
    SERVER_ERROR;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
