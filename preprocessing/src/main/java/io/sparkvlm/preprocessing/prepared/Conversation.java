package io.sparkvlm.preprocessing.prepared;

import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.List;
import java.util.Optional;

/**
 * What a request says, for engines that read messages instead of token ids. Keeps none of the media's bytes.
 *
 * @param messages with a place for each medium
 * @param bounds of each medium's pictures, in their order; empty for a video file, whose bounds depend on its frames
 */
public record Conversation(List<ChatMessage> messages, List<Optional<PixelBounds>> bounds) {
    public Conversation {
        messages = List.copyOf(messages);
        bounds = List.copyOf(bounds);
    }

    public static Conversation of(ValidRequest request) {
        return new Conversation(
                request.chat().messages(),
                request.media().stream().map(Conversation::bounds).toList());
    }

    private static Optional<PixelBounds> bounds(MediaPart part) {
        return part.fold(pictures -> Optional.of(pictures.bounds()), video -> Optional.empty());
    }
}
