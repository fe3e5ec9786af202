package io.sparkvlm.outcome;

/** What can be wrong with an image or a video that a request names or brings. */
public enum MediaCode implements ErrorCode {
    URL_NOT_ALLOWED,
    INVALID_IMAGE_URL,
    INVALID_BASE64_IMAGE,
    UNSUPPORTED_IMAGE_MEDIA_TYPE,
    EMPTY_IMAGE_FILE,
    IMAGE_FILE_TOO_LARGE,
    IMAGE_TOO_LARGE,
    IMAGE_PARSE_ERROR,
    INVALID_IMAGE_ASPECT_RATIO,
    FAILED_TO_DOWNLOAD_IMAGE(Cause.MACHINES),
    IMAGE_FILE_NOT_FOUND(Cause.MACHINES),
    INVALID_VIDEO_URL,
    INVALID_BASE64_VIDEO,
    UNSUPPORTED_VIDEO_MEDIA_TYPE,
    EMPTY_VIDEO_FILE,
    VIDEO_FILE_TOO_LARGE,
    VIDEO_TOO_LARGE,
    VIDEO_PARSE_ERROR,
    INVALID_VIDEO_ASPECT_RATIO,
    FAILED_TO_DOWNLOAD_VIDEO(Cause.MACHINES),
    VIDEO_FILE_NOT_FOUND(Cause.MACHINES),
    VIDEO_NO_STREAM,
    VIDEO_NO_FRAMES,
    MEDIA_DECODE_TIMEOUT(Cause.MACHINES),
    MEDIA_DECODE_CRASHED(500, Cause.MACHINES);

    /** Where a fault lies: what machines do may be otherwise another time. */
    private enum Cause {
        REQUEST,
        MACHINES
    }

    private final int status;
    private final Cause cause;

    MediaCode() {
        this(Cause.REQUEST);
    }

    MediaCode(Cause cause) {
        this(400, cause);
    }

    MediaCode(int status, Cause cause) {
        this.status = status;
        this.cause = cause;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean mayPass() {
        return cause == Cause.MACHINES;
    }
}
