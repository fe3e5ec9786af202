package io.sparkvlm.job.metric;

import java.util.List;
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

    /** The score against the gold answer that fits best; 0 where there is none. */
    double best(ToDoubleFunction<String> score) {
        return answers.stream().mapToDouble(score).max().orElse(0);
    }
}
