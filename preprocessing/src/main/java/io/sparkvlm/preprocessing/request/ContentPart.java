package io.sparkvlm.preprocessing.request;

import io.sparkvlm.preprocessing.media.MediaKind;
import java.util.Objects;
import java.util.function.Function;

/** What is one part of a message: text, or the place where an image or a video stands? */
public sealed interface ContentPart {
    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<String, R> onText, Function<MediaKind, R> onMedia);

    /** What somebody wrote. */
    record Text(String text) implements ContentPart {
        public Text {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public <R> R fold(Function<String, R> onText, Function<MediaKind, R> onMedia) {
            return onText.apply(text);
        }
    }

    /** A place; the n-th one of the conversation belongs to the n-th of its media. */
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
