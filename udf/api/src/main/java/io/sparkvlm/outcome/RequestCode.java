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
    MODEL_NOT_FOUND(404, ErrorType.INVALID_REQUEST_ERROR),
    CONTEXT_LENGTH_EXCEEDED;

    private final int status;
    private final ErrorType type;

    RequestCode() {
        this(400, ErrorType.INVALID_REQUEST_ERROR);
    }

    RequestCode(int status, ErrorType type) {
        this.status = status;
        this.type = type;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public ErrorType type() {
        return type;
    }
}
