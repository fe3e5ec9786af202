package io.sparkvlm.preprocessing.request;

import java.util.Locale;

/** Who speaks in a message. A developer is a system here: the model's chat template knows these three. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
