package io.sparkvlm.job.metric;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Holds what an answer is held against.
 *
 * @param answers that are right, or what each of several people answered
 * @param choices that the question offered, in their order; empty where it offered none, or they are not known
 */
public record Gold(List<String> answers, List<String> choices) {
    public Gold {
        answers = List.copyOf(answers);
        choices = List.copyOf(choices);
    }

    /** The letter of a right choice, which may be given as that letter, as its text, or as its place from 0 on, as labels are. */
    public String letter(String right) {
        int place = choices.indexOf(right);
        if (place >= 0) {
            return letter(place);
        }
        String stripped = Words.strip(right);
        return stripped.matches("\\d{1,2}") ? letter(Integer.parseInt(stripped)) : stripped.toUpperCase(Locale.ROOT);
    }

    /** @param place from 0 on */
    static String letter(int place) {
        return Character.toString('A' + place);
    }

    /** The score against the gold answer that fits best; 0 where there is none. */
    double best(ToDoubleFunction<String> score) {
        return answers.stream().mapToDouble(score).max().orElse(0);
    }
}
