package io.sparkvlm.api;

/** Why a generation ended; the names are OpenAI's. */
public enum FinishReason {
    /** A stop id was chosen or the listener said stop. */
    STOP,
    /** The token limit was reached. */
    LENGTH
}
