package io.sparkvlm.preprocessing.video;

import io.sparkvlm.preprocessing.media.MediaFault;
import java.util.Objects;

/**
 * Says that a file gives no frames: it is damaged, of a kind that is not read, or too much. Its message says what was
 * expected, what was found and where, and can stand in a rejection.
 */
public final class UnreadableVideoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final MediaFault fault;

    public UnreadableVideoException(MediaFault fault, String message) {
        // A file's fault is no event of the program: no stack trace.
        super(message, null, false, false);
        this.fault = Objects.requireNonNull(fault, "fault");
    }

    public static UnreadableVideoException damaged(String message) {
        return new UnreadableVideoException(MediaFault.PARSE_ERROR, message);
    }

    public static UnreadableVideoException encrypted(VideoContainer container) {
        return new UnreadableVideoException(
                MediaFault.UNSUPPORTED_MEDIA_TYPE,
                "expected a video that is not encrypted, found an encrypted one in the " + container.shownName());
    }

    /** The fault of the file. */
    public MediaFault fault() {
        return fault;
    }
}
