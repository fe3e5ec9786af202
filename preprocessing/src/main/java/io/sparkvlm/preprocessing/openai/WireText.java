package io.sparkvlm.preprocessing.openai;

/** Cuts text that came from outside between characters, and makes it Unicode that can always be written. */
public final class WireText {
    private static final char REPLACEMENT = '\uFFFD';

    private WireText() {}

    /** As much of a text as has this many code points. */
    public static String atMost(int codePoints, String text) {
        return text.length() <= codePoints || text.codePointCount(0, text.length()) <= codePoints
                ? text
                : text.substring(0, text.offsetByCodePoints(0, codePoints));
    }

    /** As much of a text as has this many code points, with an ellipsis where something was cut. */
    public static String shortened(int codePoints, String text) {
        String kept = atMost(codePoints, text);
        return kept.length() == text.length() ? text : kept + "…";
    }

    /** The text with U+FFFD in place of each surrogate that is without its other half. */
    public static String wellFormed(String text) {
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
