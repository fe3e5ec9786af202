package io.sparkvlm.preprocessing.request;

import java.util.List;
import java.util.Objects;

/**
 * A request that was judged and whose defaults are filled in. Only {@code RequestValidator} makes one.
 *
 * @param media in the order of their places in the chat
 * @param tokenLimit where the most tokens of its answer come from
 * @param warnings what was accepted without having an effect
 */
public record ValidRequest(Chat chat, List<MediaPart> media, TokenLimit tokenLimit, List<String> warnings) {
    public ValidRequest {
        Objects.requireNonNull(chat, "chat");
        Objects.requireNonNull(tokenLimit, "tokenLimit");
        media = List.copyOf(media);
        warnings = List.copyOf(warnings);
    }

    /** Where the most tokens of an answer come from; a default is cut to what the context leaves without a word. */
    public enum TokenLimit {
        /** The request or the job says how many. */
        ASKED_FOR,
        DEFAULT
    }
}
