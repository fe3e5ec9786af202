package io.sparkvlm.preprocessing.request;

import java.util.Objects;

/** One message of a conversation, and who speaks. */
public record ChatMessage(Role role, MessageContent content) {
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }
}
