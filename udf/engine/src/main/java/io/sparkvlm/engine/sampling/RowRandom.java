package io.sparkvlm.engine.sampling;

/**
 * Randomness that depends on the seed and the token's index alone: no state, so a sequence draws the same numbers however
 * often it is retried.
 */
final class RowRandom {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private RowRandom() {}

    /** Uniform in [0, 1), with 53 random bits. */
    static double uniform(long seed, int index) {
        long mixed = mix(mix(seed + GOLDEN_GAMMA) + GOLDEN_GAMMA * (index + 1L));
        return (mixed >>> 11) * 0x1.0p-53;
    }

    /** Stafford's variant 13 of MurmurHash3's finalizer, as SplitMix64 uses it. */
    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
