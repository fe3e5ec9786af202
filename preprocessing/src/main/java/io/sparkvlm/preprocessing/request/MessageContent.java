package io.sparkvlm.preprocessing.request;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What a message says: one string, or parts. Chat templates tell the two apart, so they stay apart. */
public sealed interface MessageContent {
    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<String, R> onText, Function<List<ContentPart>, R> onParts);

    /** A string. */
    record Text(String text) implements MessageContent {
        public Text {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public <R> R fold(Function<String, R> onText, Function<List<ContentPart>, R> onParts) {
            return onText.apply(text);
        }
    }

    /** Parts, at least one. */
    record Parts(List<ContentPart> parts) implements MessageContent {
        public Parts {
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("expected at least one part, found none");
            }
        }

        @Override
        public <R> R fold(Function<String, R> onText, Function<List<ContentPart>, R> onParts) {
            return onParts.apply(parts);
        }
    }
}
