package io.sparkvlm.preprocessing.media;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import java.util.Objects;

/**
 * A request's reference to a file: where it is, and which field of the request says so.
 *
 * @param url as the request has it: a data: or file: URL, bare base64, a name, or {@code column:PATH}
 * @param kind {@link MediaKind#VIDEO} for a frame of a video
 * @param param the path of the field, as {@code messages[1].content[0].image_url.url}
 */
public record MediaReference(String url, MediaKind kind, String param) {
    public MediaReference {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(param, "param");
    }

    /** The rejection of a row because of this file. */
    public Rejection rejection(MediaFault fault, String message) {
        return Rejection.at(param, fault.code(kind), message);
    }

    /** Rejects the row because this file is larger than may be taken. */
    public <T> Outcome<T> tooManyBytes(long maxBytes, long foundBytes) {
        return rejected(
                MediaFault.FILE_TOO_LARGE, "expected a file of at most " + maxBytes + " bytes, found " + foundBytes);
    }

    /** Rejects the row because of this file. */
    public <T> Outcome<T> rejected(MediaFault fault, String message) {
        return Outcome.rejected(rejection(fault, message));
    }
}
