package io.sparkvlm.preprocessing.request;

import java.util.Objects;

/** Who says what? */
public record ChatMessage(Role role, MessageContent content) {
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }
}
