package io.sparkvlm.api;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a row has no answer, in OpenAI's words.
 *
 * @param message at most {@value #MAX_MESSAGE_LENGTH} characters (longer ones are cut): what was expected, what was
 *     found and where; never an address, a class name or a query string
 * @param param the path of the field at fault, as {@code messages[1].content[0].image_url.url}
 */
public record Rejection(Code code, String message, Optional<String> param) {
    public static final int MAX_MESSAGE_LENGTH = 300;

    public Rejection {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(param, "param");
        if (message.length() > MAX_MESSAGE_LENGTH) {
            int end = MAX_MESSAGE_LENGTH - 1;
            boolean splitsACharacter = Character.isHighSurrogate(message.charAt(end - 1));
            message = message.substring(0, splitsACharacter ? end - 1 : end) + "…";
        }
    }

    public static Rejection at(String param, Code code, String message) {
        return new Rejection(code, message, Optional.of(param));
    }

    public static Rejection of(Code code, String message) {
        return new Rejection(code, message, Optional.empty());
    }

    /** The error codes of the output table; the wire name is the constant's in lower case. */
    public enum Code {
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
        MODEL_NOT_FOUND(404, Type.INVALID_REQUEST_ERROR),
        CONTEXT_LENGTH_EXCEEDED,
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
        MEDIA_DECODE_CRASHED(500, Type.SERVER_ERROR),
        WORKER_CRASHED(500, Type.SERVER_ERROR),
        ENGINE_OUT_OF_MEMORY(503, Type.SERVER_ERROR),
        SERVER_ERROR(500, Type.SERVER_ERROR);

        private final int status;
        private final Type type;

        Code() {
            this(400, Type.INVALID_REQUEST_ERROR);
        }

        Code(int status, Type type) {
            this.status = status;
            this.type = type;
        }

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** As HTTP: 400, 404, 500, 503. */
        public int status() {
            return status;
        }

        public Type type() {
            return type;
        }
    }

    /** Whose fault it is; the wire name is the constant's in lower case. */
    public enum Type {
        INVALID_REQUEST_ERROR,
        SERVER_ERROR;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
