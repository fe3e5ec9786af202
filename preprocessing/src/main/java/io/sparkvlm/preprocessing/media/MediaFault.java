package io.sparkvlm.preprocessing.media;

import io.sparkvlm.outcome.MediaCode;

/** The faults of an image or a video; each has an error code for either kind. */
public enum MediaFault {
    INVALID_URL(MediaCode.INVALID_IMAGE_URL, MediaCode.INVALID_VIDEO_URL),
    INVALID_BASE64(MediaCode.INVALID_BASE64_IMAGE, MediaCode.INVALID_BASE64_VIDEO),
    UNSUPPORTED_MEDIA_TYPE(MediaCode.UNSUPPORTED_IMAGE_MEDIA_TYPE, MediaCode.UNSUPPORTED_VIDEO_MEDIA_TYPE),
    EMPTY_FILE(MediaCode.EMPTY_IMAGE_FILE, MediaCode.EMPTY_VIDEO_FILE),
    FILE_TOO_LARGE(MediaCode.IMAGE_FILE_TOO_LARGE, MediaCode.VIDEO_FILE_TOO_LARGE),
    TOO_LARGE(MediaCode.IMAGE_TOO_LARGE, MediaCode.VIDEO_TOO_LARGE),
    PARSE_ERROR(MediaCode.IMAGE_PARSE_ERROR, MediaCode.VIDEO_PARSE_ERROR),
    INVALID_ASPECT_RATIO(MediaCode.INVALID_IMAGE_ASPECT_RATIO, MediaCode.INVALID_VIDEO_ASPECT_RATIO),
    /** Videos alone have this fault. */
    NO_STREAM(MediaCode.IMAGE_PARSE_ERROR, MediaCode.VIDEO_NO_STREAM),
    /** Videos alone have this fault. */
    NO_FRAMES(MediaCode.IMAGE_PARSE_ERROR, MediaCode.VIDEO_NO_FRAMES),
    DECODE_TIMEOUT(MediaCode.MEDIA_DECODE_TIMEOUT, MediaCode.MEDIA_DECODE_TIMEOUT),
    FILE_NOT_FOUND(MediaCode.IMAGE_FILE_NOT_FOUND, MediaCode.VIDEO_FILE_NOT_FOUND),
    DOWNLOAD_FAILED(MediaCode.FAILED_TO_DOWNLOAD_IMAGE, MediaCode.FAILED_TO_DOWNLOAD_VIDEO),
    URL_NOT_ALLOWED(MediaCode.URL_NOT_ALLOWED, MediaCode.URL_NOT_ALLOWED);

    private final MediaCode image;
    private final MediaCode video;

    MediaFault(MediaCode image, MediaCode video) {
        this.image = image;
        this.video = video;
    }

    public MediaCode code(MediaKind kind) {
        return switch (kind) {
            case IMAGE -> image;
            case VIDEO -> video;
        };
    }
}
