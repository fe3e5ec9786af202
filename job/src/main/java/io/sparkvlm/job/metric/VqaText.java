package io.sparkvlm.job.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes answers as VQAv2's evaluation compares them: without punctuation and articles, numbers to ten as digits,
 * contractions with their apostrophes (https://visualqa.org/evaluation.html).
 */
final class VqaText {
    private static final List<String> MARKS = List.of(
            ";", "/", "[", "]", "\"", "{", "}", "(", ")", "=", "+", "\\", "_", "-", ">", "<", "@", "`", ",", "?", "!");
    private static final Pattern COMMA_IN_A_NUMBER = Pattern.compile("(?<=\\p{Nd}),+(?=\\p{Nd})");
    private static final Pattern POINT_OF_NO_NUMBER = Pattern.compile("\\.(?!\\p{Nd})");
    private static final Set<String> ARTICLES = Set.of("a", "an", "the");
    private static final Map<String, String> DIGITS = Map.ofEntries(
            Map.entry("none", "0"),
            Map.entry("zero", "0"),
            Map.entry("one", "1"),
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"));
    private static final Map<String, String> CONTRACTIONS = contractions();

    private VqaText() {}

    static String normalized(String answer) {
        String text = Words.strip(answer.replace('\n', ' ').replace('\t', ' '));
        return Words.of(withoutMarks(text).toLowerCase(Locale.ROOT)).stream()
                .map(word -> DIGITS.getOrDefault(word, word))
                .filter(word -> !ARTICLES.contains(word))
                .map(word -> CONTRACTIONS.getOrDefault(word, word))
                .collect(Collectors.joining(" "));
    }

    /** A mark beside a space goes, one between letters becomes a space; all go where a number has commas. */
    private static String withoutMarks(String text) {
        boolean hasLongNumber = COMMA_IN_A_NUMBER.matcher(text).find();
        String without = text;
        for (String mark : MARKS) {
            boolean goes = hasLongNumber || text.contains(mark + " ") || text.contains(" " + mark);
            without = without.replace(mark, goes ? "" : " ");
        }
        return POINT_OF_NO_NUMBER.matcher(without).replaceAll("");
    }

    private static Map<String, String> contractions() {
        try (InputStream file = VqaText.class.getResourceAsStream("contractions.tsv")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
