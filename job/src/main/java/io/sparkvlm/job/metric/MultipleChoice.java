package io.sparkvlm.job.metric;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.apache.commons.lang3.StringUtils;

/**
 * Finds the choice that an answer names, as MMMU's evaluation does: a letter in brackets, else a letter by itself, else
 * one with a point behind it, else, in an answer of more than five words, the text of a choice; of several the last. Where
 * there is none, MMMU draws one; here the answer is wrong, so that a score is the same each time.
 */
final class MultipleChoice implements Metric {
    private static final String OUTER_MARKS = ",.!?;:'";
    /** Letters that are looked for where the choices are not known. */
    private static final int UNKNOWN_CHOICES = 8;

    private static final int SHORT_ANSWER_WORDS = 5;

    @Override
    public double score(String answer, Gold gold) {
        Optional<String> found = letter(answer, gold.choices());
        return found.isEmpty() ? 0 : gold.best(right -> found.get().equals(gold.letter(right)) ? 1 : 0);
    }

    private static Optional<String> letter(String answer, List<String> choices) {
        String text = " " + withoutOuterMarks(answer) + " ";
        List<String> letters = IntStream.range(0, choices.isEmpty() ? UNKNOWN_CHOICES : choices.size())
                .mapToObj(Gold::letter)
                .toList();
        List<String> found = those(letters, letter -> text.lastIndexOf("(" + letter + ")"));
        if (!found.isEmpty()) {
            return last(found, letter -> text.lastIndexOf("(" + letter + ")"));
        }
        found = those(letters, letter -> text.indexOf(letter + " "));
        if (found.isEmpty()) {
            found = those(letters, letter -> text.indexOf(letter + "."));
        }
        if (!found.isEmpty()) {
            return last(found, letter -> text.lastIndexOf(" " + letter + " "));
        }
        if (Words.of(text).size() <= SHORT_ANSWER_WORDS) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        ToIntFunction<String> place = letter -> choices.isEmpty()
                ? -1
                : lower.lastIndexOf(choice(letter, choices).toLowerCase(Locale.ROOT));
        return last(those(letters, place), place);
    }

    private static List<String> those(List<String> letters, ToIntFunction<String> place) {
        return letters.stream().filter(letter -> place.applyAsInt(letter) >= 0).toList();
    }

    /** The letter that stands last; of equal ones the first. */
    private static Optional<String> last(List<String> letters, ToIntFunction<String> place) {
        Optional<String> last = Optional.empty();
        for (String letter : letters) {
            if (last.isEmpty() || place.applyAsInt(letter) > place.applyAsInt(last.get())) {
                last = Optional.of(letter);
            }
        }
        return last;
    }

    /** Mark after mark, each once, as the published evaluation does. */
    private static String withoutOuterMarks(String answer) {
        String text = answer;
        for (int i = 0; i < OUTER_MARKS.length(); i++) {
            text = StringUtils.strip(text, OUTER_MARKS.substring(i, i + 1));
        }
        return text;
    }

    private static String choice(String letter, List<String> choices) {
        return choices.get(letter.charAt(0) - 'A');
    }
}
