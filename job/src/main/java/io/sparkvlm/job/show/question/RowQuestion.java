package io.sparkvlm.job.show.question;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Holds what a row asked, or why that is not known. */
public sealed interface RowQuestion extends Serializable {
    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<Known, R> onQuestion, Function<Unknown, R> onUnknown);

    /**
     * A request as people see it.
     *
     * @param text of the last turn of the user
     * @param earlier all that was said before, by whom
     */
    record Known(String text, List<Turn> earlier, List<NamedMedium> media) implements RowQuestion {
        public Known {
            Objects.requireNonNull(text, "text");
            earlier = List.copyOf(earlier);
            media = List.copyOf(media);
        }

        @Override
        public <R> R fold(Function<Known, R> onQuestion, Function<Unknown, R> onUnknown) {
            return onQuestion.apply(this);
        }
    }

    /**
     * Nothing can be said of the request.
     *
     * @param why in words
     */
    record Unknown(String why) implements RowQuestion {
        @Override
        public <R> R fold(Function<Known, R> onQuestion, Function<Unknown, R> onUnknown) {
            return onUnknown.apply(this);
        }
    }

    /** Something that was said. */
    record Turn(String role, String text) implements Serializable {}

    /**
     * An image or video as the request names it.
     *
     * @param names an image's, or those of a video's frames
     * @param pictures the first of them as they look; none where none are drawn
     */
    record NamedMedium(List<String> names, List<Picture> pictures) implements Serializable {
        public NamedMedium {
            names = List.copyOf(names);
            pictures = List.copyOf(pictures);
        }
    }
}
