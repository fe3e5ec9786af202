package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.preprocessing.media.MediaFault;

/** Says that a text is no URL, or one that may not be asked for; its message is fit for a row's error. */
final class RefusedUrlException extends Exception {
    private static final long serialVersionUID = 1;

    private final MediaFault fault;

    RefusedUrlException(MediaFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    static RefusedUrlException invalid(String message) {
        return new RefusedUrlException(MediaFault.INVALID_URL, message);
    }

    MediaFault fault() {
        return fault;
    }
}
