package io.sparkvlm.outcome;

/** What can be wrong with a request itself, or with its place among the others. */
public enum RequestCode implements ErrorCode {
    INVALID_JSON_LINE,
    MISSING_REQUIRED_PARAMETER,
    INVALID_TYPE,
    INVALID_VALUE,
    UNSUPPORTED_VALUE,
    UNSUPPORTED_PARAMETER,
    EMPTY_ARRAY,
    ARRAY_ABOVE_MAX_LENGTH,
    STRING_ABOVE_MAX_LENGTH,
    INTEGER_ABOVE_MAX_VALUE,
    INTEGER_BELOW_MIN_VALUE,
    DECIMAL_ABOVE_MAX_VALUE,
    DECIMAL_BELOW_MIN_VALUE,
    UNKNOWN_PARAMETER,
    IMAGE_LIMIT_EXCEEDED,
    VIDEO_LIMIT_EXCEEDED,
    DUPLICATE_CUSTOM_ID,
    MODEL_NOT_FOUND(404),
    CONTEXT_LENGTH_EXCEEDED;

    private final int status;

    RequestCode() {
        this(400);
    }

    RequestCode(int status) {
        this.status = status;
    }

    @Override
    public int status() {
        return status;
    }
}
