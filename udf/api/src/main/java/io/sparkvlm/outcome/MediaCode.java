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
    FAILED_TO_DOWNLOAD_IMAGE,
    IMAGE_FILE_NOT_FOUND,
    INVALID_VIDEO_URL,
    INVALID_BASE64_VIDEO,
    UNSUPPORTED_VIDEO_MEDIA_TYPE,
    EMPTY_VIDEO_FILE,
    VIDEO_FILE_TOO_LARGE,
    VIDEO_TOO_LARGE,
    VIDEO_PARSE_ERROR,
    INVALID_VIDEO_ASPECT_RATIO,
    FAILED_TO_DOWNLOAD_VIDEO,
    VIDEO_FILE_NOT_FOUND,
    VIDEO_NO_STREAM,
    VIDEO_NO_FRAMES,
    MEDIA_DECODE_TIMEOUT,
    MEDIA_DECODE_CRASHED(500);

    private final int status;

    MediaCode() {
        this(400);
    }

    MediaCode(int status) {
        this.status = status;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean mayPass() {
        return switch (this) {
            case FAILED_TO_DOWNLOAD_IMAGE,
                    FAILED_TO_DOWNLOAD_VIDEO,
                    IMAGE_FILE_NOT_FOUND,
                    VIDEO_FILE_NOT_FOUND,
                    MEDIA_DECODE_TIMEOUT,
                    MEDIA_DECODE_CRASHED -> true;
            case URL_NOT_ALLOWED,
                    INVALID_IMAGE_URL,
                    INVALID_BASE64_IMAGE,
                    UNSUPPORTED_IMAGE_MEDIA_TYPE,
                    EMPTY_IMAGE_FILE,
                    IMAGE_FILE_TOO_LARGE,
                    IMAGE_TOO_LARGE,
                    IMAGE_PARSE_ERROR,
                    INVALID_IMAGE_ASPECT_RATIO,
                    INVALID_VIDEO_URL,
                    INVALID_BASE64_VIDEO,
                    UNSUPPORTED_VIDEO_MEDIA_TYPE,
                    EMPTY_VIDEO_FILE,
                    VIDEO_FILE_TOO_LARGE,
                    VIDEO_TOO_LARGE,
                    VIDEO_PARSE_ERROR,
                    INVALID_VIDEO_ASPECT_RATIO,
                    VIDEO_NO_STREAM,
                    VIDEO_NO_FRAMES -> false;
        };
    }
}
