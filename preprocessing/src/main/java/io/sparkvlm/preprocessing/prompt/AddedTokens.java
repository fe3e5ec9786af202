package io.sparkvlm.preprocessing.prompt;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the tokens in a text that are matched as they are written, and not made by merging: the leftmost one, and of
 * those that start there the longest, which is the order of Hugging Face's tokenizers. Thread-safe.
 */
final class AddedTokens {
    private final Map<String, Integer> ids;
    private final Pattern anyOf;

    AddedTokens(Map<String, Integer> ids) {
        this.ids = Map.copyOf(ids);
        // (?!) never matches: what an empty set of tokens should do.
        this.anyOf = Pattern.compile(ids.isEmpty() ? "(?!)" : anyOf(ids.keySet()));
    }

    /** The class of first characters lets the matcher pass over a text without trying every token at every place. */
    private static String anyOf(Set<String> tokens) {
        String starts = tokens.stream()
                .map(token -> token.substring(0, token.offsetByCodePoints(0, 1)))
                .distinct()
                .map(Pattern::quote)
                .collect(Collectors.joining("", "(?=[", "])"));
        return tokens.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|", starts + "(?:", ")"));
    }

    Set<String> contents() {
        return ids.keySet();
    }

    /** Hands out the text from left to right: a token's id, or what stands between two of them. */
    void split(String text, IntConsumer onToken, Consumer<String> onText) {
        Matcher matcher = anyOf.matcher(text);
        int from = 0;
        while (matcher.find()) {
            if (matcher.start() > from) {
                onText.accept(text.substring(from, matcher.start()));
            }
            onToken.accept(ids.get(matcher.group()));
            from = matcher.end();
        }
        if (from < text.length()) {
            onText.accept(text.substring(from));
        }
    }
}
