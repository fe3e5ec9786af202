package io.sparkvlm.preprocessing.request;

import io.sparkvlm.preprocessing.media.MediaKind;
import java.util.Objects;
import java.util.function.Function;

/** One part of a message: text, or the place where an image or a video stands. */
public sealed interface ContentPart {
    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<String, R> onText, Function<MediaKind, R> onMedia);

    /** A part that is text. */
    record Text(String text) implements ContentPart {
        public Text {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public <R> R fold(Function<String, R> onText, Function<MediaKind, R> onMedia) {
            return onText.apply(text);
        }
    }

    /** The place of a medium; the n-th one of the conversation belongs to the n-th of its media. */
    record Media(MediaKind kind) implements ContentPart {
        public Media {
            Objects.requireNonNull(kind, "kind");
        }

        @Override
        public <R> R fold(Function<String, R> onText, Function<MediaKind, R> onMedia) {
            return onMedia.apply(kind);
        }
    }
}
