package io.sparkvlm.preprocessing.fetch;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * How much of a file is read.
 *
 * @param maxBytes of a file that may be read at all
 * @param isEnough whether the first bytes of a file on another machine will do; thread-safe, and equal only to itself
 */
public record Portion(int maxBytes, Predicate<byte[]> isEnough) {
    private static final Predicate<byte[]> NEVER = Portion::isNeverEnough;

    public Portion {
        Objects.requireNonNull(isEnough, "isEnough");
    }

    /** All of it. */
    public static Portion whole(int maxBytes) {
        return new Portion(maxBytes, NEVER);
    }

    private static boolean isNeverEnough(byte[] start) {
        return false;
    }
}
