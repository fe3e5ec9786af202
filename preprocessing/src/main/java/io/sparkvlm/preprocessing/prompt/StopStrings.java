package io.sparkvlm.preprocessing.prompt;

import java.util.List;
import java.util.OptionalInt;

/** The strings that end a text which grows, and where it first holds one of them. */
record StopStrings(List<String> strings) {
    StopStrings {
        strings = List.copyOf(strings);
    }

    /**
     * The start of the leftmost one.
     *
     * @param searched how much of the text was searched before: one that ends within that is not looked for again
     */
    OptionalInt find(StringBuilder text, int searched) {
        return strings.stream()
                .mapToInt(stop -> text.indexOf(stop, Math.max(0, searched - stop.length() + 1)))
                .filter(start -> start >= 0)
                .min();
    }
}
