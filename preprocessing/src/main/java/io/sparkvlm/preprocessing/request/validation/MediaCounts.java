package io.sparkvlm.preprocessing.request.validation;

import java.io.Serializable;

/** How many images and videos one request may hold: {@code --limit-mm-per-prompt image=N,video=N}. */
public record MediaCounts(int images, int videos) implements Serializable {
    /** As many as fit the context. */
    public static final MediaCounts UNBOUNDED = new MediaCounts(Integer.MAX_VALUE, Integer.MAX_VALUE);

    public MediaCounts {
        if (images < 0 || videos < 0) {
            throw new IllegalArgumentException(
                    "expected limit-mm-per-prompt of at least 0, found " + images + " and " + videos);
        }
    }
}
