package io.sparkvlm.preprocessing;

import java.io.Serializable;

/** The tokens that a prompt and its answer may have together: a number, or what the model was made for. */
public record ContextLimit(int tokens) implements Serializable {
    /** As many as the model was made for. */
    public static final ContextLimit OF_THE_MODEL = new ContextLimit(Integer.MAX_VALUE);

    public ContextLimit {
        if (tokens < 1) {
            throw new IllegalArgumentException("expected max-model-len of at least 1, found " + tokens);
        }
    }

    /** Whether the model decides. */
    public boolean isOfTheModel() {
        return equals(OF_THE_MODEL);
    }
}
