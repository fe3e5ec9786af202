package io.sparkvlm.engine.profile;

import java.util.Locale;

/** What the engine's thread does at a time; the names are those of a trace. */
public enum StepPhase {
    IDLE,
    PLAN,
    VISION,
    PREFILL,
    DECODE,
    SAMPLING,
    DELIVERY;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
