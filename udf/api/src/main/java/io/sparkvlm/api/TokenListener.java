package io.sparkvlm.api;

/** Hears each generated token and may end the generation there. Called on the engine's thread, so it must be short. */
@FunctionalInterface
public interface TokenListener {
    /** Hears everything and ends nothing. */
    TokenListener NONE = token -> Verdict.CONTINUE;

    /** Told once for each token in order, a preempted sequence's tokens not again; not told the stop id that ends it. */
    Verdict onToken(GeneratedToken token);

    /** What a listener makes of a token. */
    enum Verdict {
        CONTINUE,
        STOP
    }
}
