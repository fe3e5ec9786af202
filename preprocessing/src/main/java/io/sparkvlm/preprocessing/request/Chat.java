package io.sparkvlm.preprocessing.request;

import java.util.List;
import java.util.Objects;

/**
 * The conversation of a valid request, and how its answer is generated: all of the request but its media, which travel
 * as bytes beside it.
 *
 * @param model as the answer names it: the request's name for it, or the served one
 * @param messages at least one
 */
public record Chat(String model, List<ChatMessage> messages, GenerationParams generation) {
    public Chat {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(generation, "generation");
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("expected at least one message, found none");
        }
    }

    public Chat withGeneration(GenerationParams other) {
        return new Chat(model, messages, other);
    }
}
