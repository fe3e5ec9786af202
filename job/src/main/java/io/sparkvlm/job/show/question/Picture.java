package io.sparkvlm.job.show.question;

import java.io.Serializable;
import java.util.function.Function;

/** Holds a small picture to show, or why there is none. */
public sealed interface Picture extends Serializable {
    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<Drawn, R> onDrawn, Function<Missing, R> onMissing);

    /**
     * A thumbnail.
     *
     * @param dataUrl a small PNG or JPEG
     */
    record Drawn(String dataUrl, int width, int height) implements Picture {
        @Override
        public <R> R fold(Function<Drawn, R> onDrawn, Function<Missing, R> onMissing) {
            return onDrawn.apply(this);
        }
    }

    /** Nothing to look at. */
    record Missing(String why) implements Picture {
        @Override
        public <R> R fold(Function<Drawn, R> onDrawn, Function<Missing, R> onMissing) {
            return onMissing.apply(this);
        }
    }
}
