package io.sparkvlm.preprocessing.media;

import io.sparkvlm.api.Rejection.Code;

/** The faults of an image or a video; each has an error code for either kind. */
public enum MediaFault {
    INVALID_URL(Code.INVALID_IMAGE_URL, Code.INVALID_VIDEO_URL),
    INVALID_BASE64(Code.INVALID_BASE64_IMAGE, Code.INVALID_BASE64_VIDEO),
    UNSUPPORTED_MEDIA_TYPE(Code.UNSUPPORTED_IMAGE_MEDIA_TYPE, Code.UNSUPPORTED_VIDEO_MEDIA_TYPE),
    EMPTY_FILE(Code.EMPTY_IMAGE_FILE, Code.EMPTY_VIDEO_FILE),
    FILE_TOO_LARGE(Code.IMAGE_FILE_TOO_LARGE, Code.VIDEO_FILE_TOO_LARGE),
    TOO_LARGE(Code.IMAGE_TOO_LARGE, Code.VIDEO_TOO_LARGE),
    PARSE_ERROR(Code.IMAGE_PARSE_ERROR, Code.VIDEO_PARSE_ERROR),
    INVALID_ASPECT_RATIO(Code.INVALID_IMAGE_ASPECT_RATIO, Code.INVALID_VIDEO_ASPECT_RATIO),
    /** Videos alone have this fault. */
    NO_STREAM(Code.IMAGE_PARSE_ERROR, Code.VIDEO_NO_STREAM),
    /** Videos alone have this fault. */
    NO_FRAMES(Code.IMAGE_PARSE_ERROR, Code.VIDEO_NO_FRAMES),
    DECODE_TIMEOUT(Code.MEDIA_DECODE_TIMEOUT, Code.MEDIA_DECODE_TIMEOUT),
    FILE_NOT_FOUND(Code.IMAGE_FILE_NOT_FOUND, Code.VIDEO_FILE_NOT_FOUND),
    DOWNLOAD_FAILED(Code.FAILED_TO_DOWNLOAD_IMAGE, Code.FAILED_TO_DOWNLOAD_VIDEO),
    URL_NOT_ALLOWED(Code.URL_NOT_ALLOWED, Code.URL_NOT_ALLOWED);

    private final Code image;
    private final Code video;

    MediaFault(Code image, Code video) {
        this.image = image;
        this.video = video;
    }

    public Code code(MediaKind kind) {
        return switch (kind) {
            case IMAGE -> image;
            case VIDEO -> video;
        };
    }
}
