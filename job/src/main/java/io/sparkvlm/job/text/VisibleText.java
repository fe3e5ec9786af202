package io.sparkvlm.job.text;

import io.sparkvlm.preprocessing.openai.WireText;

/**
 * Makes a stranger's text safe to show: characters that steer a terminal or turn the order of others around are
 * written as their code points, as {@code <U+001B>}.
 */
public final class VisibleText {
    /** A longer question or answer is cut, and how much is left out is told in numbers. */
    public static final int MAX_CHARACTERS = 8_000;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D; // holds the parts of many an emoji together

    private VisibleText() {}

    /** The text with its line breaks, each of them a line feed. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length() + 16);
        text.replace("\r\n", "\n").codePoints().forEach(c -> {
            if (c == '\n') {
                visible.append('\n');
            } else if (c == '\t') {
                visible.append("    ");
            } else if (isHidden(c)) {
                visible.append(String.format("<U+%04X>", c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }

    /** The text in one line; a line break is written as a code point. */
    public static String line(String text) {
        return of(text).replace("\n", "<U+000A>");
    }

    /** The beginning of a text, and how much more there is. */
    public static String cut(String text, int maxCharacters) {
        return cutTo(WireText.atMost(maxCharacters, text), text.codePointCount(0, text.length()));
    }

    /**
     * The beginning of a text that was cut elsewhere, and how much more there is.
     *
     * @param beginning of the text, or all of it
     * @param characters of the whole text
     */
    public static String cutTo(String beginning, int characters) {
        int left = characters - beginning.codePointCount(0, beginning.length());
        return left <= 0 ? beginning : beginning + " … (" + Figures.count(left, "more character") + ")";
    }

    private static boolean isHidden(int c) {
        if (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER) {
            return false;
        }
        return switch (Character.getType(c)) {
            // Controls, escape among them; bidirectional overrides and the invisible; halves of characters.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
