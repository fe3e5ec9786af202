package io.sparkvlm.preprocessing.prompt;

import java.util.List;
import java.util.OptionalInt;

/**
 * Looks for strings in a text that grows, character by character (Knuth, Morris and Pratt 1977), so that no string and no text
 * makes the search slow. For one text. Not thread-safe.
 */
final class StopStrings {
    private final List<Search> searches;

    StopStrings(List<String> strings) {
        this.searches = strings.stream().map(Search::new).toList();
    }

    /**
     * Reads what the text has grown by.
     *
     * @param from its length before
     * @return the start of the leftmost string that ends in there
     */
    OptionalInt read(CharSequence text, int from) {
        return searches.stream()
                .map(search -> search.read(text, from))
                .flatMapToInt(OptionalInt::stream)
                .min();
    }

    /** How many characters at the end of what was read may be the beginning of a string. */
    int begun() {
        return searches.stream().mapToInt(search -> search.matched).max().orElse(0);
    }

    /** The search for one of the strings. */
    private static final class Search {
        private final String wanted;
        /** For each beginning of the string: the length of its longest end that is a shorter beginning, too. */
        private final int[] shorter;

        private int matched;

        Search(String wanted) {
            this.wanted = wanted;
            this.shorter = new int[wanted.length()];
            for (int i = 1; i < wanted.length(); i++) {
                shorter[i] = longer(shorter[i - 1], wanted.charAt(i));
            }
        }

        OptionalInt read(CharSequence text, int from) {
            OptionalInt found = OptionalInt.empty();
            for (int i = from; i < text.length(); i++) {
                matched = longer(matched, text.charAt(i));
                if (matched == wanted.length()) {
                    found = found.isPresent() ? found : OptionalInt.of(i + 1 - matched);
                    matched = shorter[matched - 1];
                }
            }
            return found;
        }

        /** How much of the string is matched by one more character than this. */
        private int longer(int length, char next) {
            int beginning = length;
            while (beginning > 0 && wanted.charAt(beginning) != next) {
                beginning = shorter[beginning - 1];
            }
            return wanted.charAt(beginning) == next ? beginning + 1 : 0;
        }
    }
}
