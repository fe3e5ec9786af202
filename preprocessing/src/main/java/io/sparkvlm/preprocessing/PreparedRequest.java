package io.sparkvlm.preprocessing;

import java.util.List;
import java.util.Objects;

/**
 * What is to be decoded and asked?
 *
 * @param chat the judged request without its media, as JSON
 * @param params the sampling parameters in force, as JSON: the {@code params} column of the output
 * @param media in the order of the conversation
 * @param promptTokens the media's tokens included
 */
public record PreparedRequest(String chat, String params, List<PreparedMedia> media, int promptTokens) {
    public PreparedRequest {
        Objects.requireNonNull(chat, "chat");
        Objects.requireNonNull(params, "params");
        media = List.copyOf(media);
    }

    public int visionTokens() {
        return media.stream().mapToInt(part -> part.grid().tokens()).sum();
    }
}
