package io.sparkvlm.preprocessing.request;

import java.util.List;
import java.util.Objects;

/**
 * A request that was judged and whose defaults are filled in. Only {@code RequestValidator} makes one.
 *
 * @param media in the order of their places in the chat
 * @param warnings what was accepted without having an effect
 */
public record ValidRequest(Chat chat, List<MediaPart> media, List<String> warnings) {
    public ValidRequest {
        Objects.requireNonNull(chat, "chat");
        media = List.copyOf(media);
        warnings = List.copyOf(warnings);
    }
}
